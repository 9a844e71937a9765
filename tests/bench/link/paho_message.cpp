// A peer of `scripts/bench upload`: one file as one MQTT message through Paho and mutual TLS, as the
// library's examples do it. Prints the seconds from publish to acknowledgement.
#include <mqtt/async_client.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

int main(int argc, char** argv) {
    std::string uri, ca, certificate, key, topic, file;
    CLI::App app("one large message");
    app.add_option("--uri", uri)->required();
    app.add_option("--ca", ca)->required();
    app.add_option("--cert", certificate)->required();
    app.add_option("--key", key)->required();
    app.add_option("--topic", topic)->required();
    app.add_option("--file", file)->required();
    CLI11_PARSE(app, argc, argv);
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());

    mqtt::async_client client(uri, "bench-paho-message", mqtt::create_options(5));
    const auto tls =
        mqtt::ssl_options_builder().trust_store(ca).key_store(certificate).private_key(key).finalize();
    client.connect(mqtt::connect_options_builder().mqtt_version(5).clean_start(true).ssl(tls).finalize())
        ->wait();
    const auto begin = std::chrono::steady_clock::now();
    client.publish(topic, bytes.data(), bytes.size(), 1, false)->wait();
    std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() << std::endl;
    client.disconnect()->wait();
    return 0;
}
