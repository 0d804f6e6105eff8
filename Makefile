# A short front for CMake; the presets are in CMakePresets.json. Any target works first and
# alone on a fresh Debian machine: what is missing is installed by tools/deps.sh.
JOBS ?= $(shell nproc)

.PHONY: all demo check check-more check-all dev asan tsan coverage fuzz bench format \
        install clean
all:        ; tools/deps.sh build && cmake --preset release >/dev/null && \
              cmake --build --preset release -j$(JOBS)
demo: all   ; examples/demo.sh
check:      ; tools/deps.sh build test && tools/check check
check-more: ; tools/deps.sh build test lint && tools/check check:slow asan tsan:threads
check-all: check check-more
dev asan:   ; tools/deps.sh build test && tools/check $@
tsan:       ; tools/deps.sh build test lint && tools/check tsan:threads
coverage:   ; tools/deps.sh build test lint && tools/check coverage; \
              gcovr --root . --filter src/ --print-summary build-coverage
fuzz:       ; tools/deps.sh build test lint && tools/fuzz $(SECONDS)
bench: all  ; tools/deps.sh bench && bench/run
format:     ; tools/deps.sh lint && clang-format -i $$(git ls-files '*.c' '*.h')
install: all; cmake --install build $(if $(PREFIX),--prefix $(PREFIX))
clean:      ; rm -rf build build-*
