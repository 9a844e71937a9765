// What the machine says of itself while no daemon answers: up since when, addresses, way out, name servers,
// memory. What cannot be read is left out. Any thread.
#pragma once

#include <string>

namespace camgate::console {

std::string localView();

/// The default gateway in a text such as /proc/net/route; empty: there is none.
std::string defaultRoute(const std::string& route_table);

}  // namespace camgate::console
