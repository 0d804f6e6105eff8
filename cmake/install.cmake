# make install: the command, the libraries, the headers, and what lets others find them:
# kleiber.pc for pkg-config, kleiber-config.cmake for find_package(kleiber).
include(CMakePackageConfigHelpers)
set(KL_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/kleiber)
list(JOIN KL_DEPS " " KL_DEPS_TEXT)
string(REGEX REPLACE "::.*" "" KL_THREADS_PACKAGE "${KL_THREADS}")

if(BUILD_SHARED_LIBS)
  install(TARGETS kleiber)
  set_target_properties(kleiber_shared PROPERTIES EXPORT_NAME kleiber)
  install(TARGETS kleiber_shared EXPORT kleiber-targets)
else()
  install(TARGETS kleiber EXPORT kleiber-targets)
endif()
install(DIRECTORY include/kleiber DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN *.h)
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/kleiber-config.cmake.in kleiber-config.cmake
                              INSTALL_DESTINATION ${KL_PACKAGE_DIR})
write_basic_package_version_file(kleiber-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/kleiber-config.cmake
              ${PROJECT_BINARY_DIR}/kleiber-config-version.cmake
        DESTINATION ${KL_PACKAGE_DIR})
install(EXPORT kleiber-targets NAMESPACE kleiber:: DESTINATION ${KL_PACKAGE_DIR})

# found from where the file lies, so that an installed tree can be moved
file(RELATIVE_PATH KL_UP_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" KL_UP_FROM_PC ${KL_UP_FROM_PC})
configure_file(cmake/kleiber.pc.in kleiber.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/kleiber.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
