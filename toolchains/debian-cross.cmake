# Included by the toolchain files beside it, which set CAMGATE_TRIPLE, CAMGATE_QEMU and CMAKE_SYSTEM_PROCESSOR: Debian's
# cross compiler, headers and libraries from the sysroot that scripts/sysroot makes, programs run by qemu-user.
set(CMAKE_SYSTEM_NAME Linux)

set(CAMGATE_SYSROOT "" CACHE PATH "Root of the target's packages, as scripts/sysroot prints it")
if(NOT IS_DIRECTORY "${CAMGATE_SYSROOT}/usr/include")
  message(FATAL_ERROR "CAMGATE_SYSROOT is no sysroot: '${CAMGATE_SYSROOT}'. scripts/build TARGET makes and passes one.")
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CAMGATE_SYSROOT)

set(CMAKE_SYSROOT ${CAMGATE_SYSROOT})
set(CMAKE_C_COMPILER ${CAMGATE_TRIPLE}-gcc)
set(CMAKE_CXX_COMPILER ${CAMGATE_TRIPLE}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${CAMGATE_TRIPLE})

# Libraries of the sysroot need others of the sysroot. Its /lib is a folder, not a link to /usr/lib: packages are only
# unpacked. PulseAudio's common part lies in a folder of its own.
set(libraries ${CAMGATE_SYSROOT}/usr/lib/${CAMGATE_TRIPLE})
foreach(kind EXE SHARED MODULE)
  set(CMAKE_${kind}_LINKER_FLAGS_INIT
    "-Wl,-rpath-link,${libraries}:${CAMGATE_SYSROOT}/lib/${CAMGATE_TRIPLE}:${libraries}/pulseaudio")
endforeach()

set(CMAKE_FIND_ROOT_PATH ${CAMGATE_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_DIR} "")
set(ENV{PKG_CONFIG_LIBDIR} "${libraries}/pkgconfig:${CAMGATE_SYSROOT}/usr/share/pkgconfig")
set(ENV{PKG_CONFIG_SYSROOT_DIR} "${CAMGATE_SYSROOT}")

set(CMAKE_CROSSCOMPILING_EMULATOR ${CAMGATE_QEMU};-L;${CAMGATE_SYSROOT})
