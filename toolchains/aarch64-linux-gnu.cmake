# Debian arm64: 64-bit gateways (Cortex-A53 and later).
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CAMGATE_TRIPLE aarch64-linux-gnu)
set(CAMGATE_QEMU qemu-aarch64-static)
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
