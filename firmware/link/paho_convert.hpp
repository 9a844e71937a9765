// Between camgate's messages and Paho's. Include in .cpp files only. Any thread.
#pragma once

#include <mqtt/connect_options.h>
#include <mqtt/message.h>

#include "ipc/link_messages.hpp"

namespace camgate::link {

ipc::MqttMessage fromPaho(const mqtt::message& message);
mqtt::message_ptr toPaho(const ipc::PublishRequest& request);

/// Everything but TLS and timeouts.
void setSession(mqtt::connect_options& options, const ipc::LinkSettings& settings);

}  // namespace camgate::link
