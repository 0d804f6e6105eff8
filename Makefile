# A short front for CMake; the presets are in CMakePresets.json. Any target works first and
# alone on a fresh Debian machine: what is missing is installed by tools/deps.sh.
JOBS ?= $(shell nproc)
build = cmake --preset $(1) -Wno-dev >$(2) && cmake --build --preset $(1) -j$(JOBS)

.PHONY: all demo check check-all asan tsan coverage bench format install clean
all:            ; tools/deps.sh build && $(call build,release,/dev/null)
demo: all       ; examples/demo.sh build/kleiber
check:          ; tools/deps.sh build test && tools/check check
check-all:      ; tools/deps.sh build test lint && tools/check --slow check asan tsan
asan tsan dev:  ; tools/deps.sh build test lint && tools/check $@
coverage:       ; tools/deps.sh build test lint && tools/check coverage && \
                  gcovr --root . --filter src/ --print-summary build-coverage
bench: all      ; tools/deps.sh bench && bench/run
format:         ; clang-format -i $$(git ls-files '*.c' '*.h')
install: all    ; cmake --install build
clean:          ; rm -rf build build-*
