# Debian armhf: 32-bit gateways (ARMv7 with VFPv3-D16; NEON is not given).
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CAMGATE_TRIPLE arm-linux-gnueabihf)
set(CAMGATE_QEMU qemu-arm-static)
# The footage ring is larger than 2 GiB.
set(CMAKE_CXX_FLAGS_INIT "-D_FILE_OFFSET_BITS=64")
include(${CMAKE_CURRENT_LIST_DIR}/debian-cross.cmake)
