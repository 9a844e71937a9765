# Debian 12 packages, in one place. Sourced.

# What builds and checks, on the build machine alone.
packages_tools="g++ cmake ninja-build pkg-config ccache clang-format gettext python3 ca-certificates"

# What the firmware and its tests are compiled against, on the build machine and in the sysroots of the ARM targets.
packages_libraries="libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstrtspserver-1.0-dev
    libpaho-mqttpp-dev libpaho-mqtt-dev libssl-dev libmbedtls-dev nlohmann-json3-dev libsqlite3-dev
    libcli11-dev libspdlog-dev libpugixml-dev libcurl4-gnutls-dev libedit-dev libsdbus-c++-dev catch2"

# What runs beside it in tests, demo and benchmarks.
packages_runtime="gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    gstreamer1.0-plugins-ugly gstreamer1.0-libav gstreamer1.0-tools mosquitto mosquitto-clients openssl
    ffmpeg chromium procps iproute2 systemd dbus rauc squashfs-tools tzdata
    python3-jsonschema python3-yaml"

# Whom the benchmarks set beside camgate: scripts/bench motion --peers.
packages_peers="libopencv-imgproc-dev libopencv-video-dev gstreamer1.0-opencv
    motion valgrind"

packages_cross="mmdebstrap qemu-user-static g++-aarch64-linux-gnu g++-arm-linux-gnueabihf"

# The first clang that reads libstdc++'s std::expected, its fuzzer and what names the lines of a finding.
packages_fuzz="clang-19 libclang-rt-19-dev llvm-19"

# What a sysroot holds besides the libraries: the C and C++ run time to link against.
packages_sysroot="libc6-dev libstdc++-12-dev"

# What the box runs besides the libraries that its programs name: plug-ins of GStreamer, the table of time zones.
packages_box="gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav tzdata"

# What makes and tries images: scripts/image, scripts/test image.
packages_image="mmdebstrap arch-test qemu-user-static kmod genimage mtools dosfstools e2fsprogs fdisk gdisk u-boot-tools zstd bmap-tools
    rauc squashfs-tools openssl qemu-system-arm u-boot-qemu"

# What a box runs beside camgate; its kernel and boot loader are of the board's data.
packages_system="systemd systemd-sysv systemd-timesyncd systemd-resolved udev dbus kmod iproute2 nftables ca-certificates
    e2fsprogs dosfstools fdisk initramfs-tools zstd login rauc rauc-service"
