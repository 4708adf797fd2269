#include "core/twin/clientaddress.h"

#include "core/support/address.h"

#include <QList>

#include <algorithm>
#include <optional>

namespace tokenlab::twin {
namespace {

// Four bytes or sixteen.
using Bytes = QByteArray;

Bytes fourBytes(const QByteArray &text)
{
    Bytes out;
    for (const QByteArray &number : text.split('.'))
        out += char(number.toInt());
    return out;
}

// Groups of hexadecimal digits, the last one perhaps an IPv4 address.
Bytes groups(const QByteArray &text)
{
    Bytes out;
    if (text.isEmpty())
        return out;
    for (const QByteArray &group : text.split(':')) {
        if (group.contains('.')) {
            out += fourBytes(group);
            continue;
        }
        const int number = group.toInt(nullptr, 16);
        out += char(number >> 8);
        out += char(number & 0xff);
    }
    return out;
}

std::optional<Bytes> parseAddress(QByteArrayView text)
{
    if (isIpv4(text))
        return fourBytes(text.toByteArray());
    if (!isIpv6(text) || text.contains('%'))
        return std::nullopt;
    const QByteArray plain = text.toByteArray();
    const qsizetype gap = plain.indexOf("::");
    const Bytes front = groups(gap < 0 ? plain : plain.first(gap)), back = groups(gap < 0 ? QByteArray() : plain.sliced(gap + 2));
    return front + Bytes(std::max<qsizetype>(0, 16 - front.size() - back.size()), '\0') + back;
}

// An IPv4 address in IPv6's clothes is an IPv4 address.
Bytes shortened(const Bytes &address)
{
    static const QByteArray mapped = QByteArray(10, '\0') + "\xff\xff";
    return address.size() == 16 && address.startsWith(mapped) ? address.sliced(12) : address;
}

struct Network {
    Bytes address;
    int bits = 0;

    [[nodiscard]] bool contains(const Bytes &other) const
    {
        if (other.size() != address.size())
            return false;
        for (int i = 0; i < bits; ++i) {
            const int mask = 0x80 >> (i % 8);
            if ((address[i / 8] & mask) != (other[i / 8] & mask))
                return false;
        }
        return true;
    }
};

// An address alone gets the length of its short form, also where it is written in the long one.
std::optional<Network> parseNetwork(QByteArray text)
{
    if (!text.contains('/')) {
        const auto alone = parseAddress(text);
        if (!alone)
            return std::nullopt;
        text += shortened(*alone).size() == 4 ? "/32" : "/128";
    }
    const qsizetype slash = text.indexOf('/');
    const auto address = parseAddress(QByteArrayView(text).first(slash));
    const QByteArray length = text.sliced(slash + 1);
    const bool digits = !length.isEmpty() && std::all_of(length.begin(), length.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!address || !digits || length.size() > 9 || length.toInt() > address->size() * 8)
        return std::nullopt;
    Network out{*address, length.toInt()};
    for (int i = out.bits; i < out.address.size() * 8; ++i)
        out.address[i / 8] = char(out.address[i / 8] & ~(0x80 >> (i % 8)));
    if (const Bytes four = shortened(out.address); four.size() < out.address.size()) {
        out.address = four;
        out.bits = std::max(0, out.bits - 96);
    }
    return out;
}

// The list ends at the first that is none, without a word.
std::optional<std::vector<Network>> trustedNetworks(const gateway::RouterOptions &router)
{
    if (!router.trustedProxies)
        return std::nullopt;
    std::vector<Network> out;
    for (const QByteArray &text : *router.trustedProxies) {
        const auto network = parseNetwork(text);
        if (!network)
            break;
        out.push_back(*network);
    }
    return out;
}

} // namespace

QByteArray clientAddress(const gateway::RouterOptions &router, const ClientRequest &request)
{
    const auto lines = [&request](const QByteArray &name) {
        QByteArray joined;
        for (const QByteArray &value : request.headers.all(name))
            joined += (joined.isEmpty() ? "" : ",") + value;
        return joined;
    };
    if (router.appEngine) {
        if (const auto given = request.headers.first("X-Appengine-Remote-Addr"); given && !given->isEmpty())
            return *given;
    }
    const auto networks = trustedNetworks(router);
    const auto isTrusted = [&networks](const Bytes &address) {
        return !networks || std::any_of(networks->begin(), networks->end(),
                                        [&](const Network &network) { return network.contains(shortened(address)); });
    };
    const auto remote = parseAddress(request.remoteAddress);
    if (!remote || !router.forwardedByClientIp || !isTrusted(*remote))
        return request.remoteAddress;
    for (const QByteArray &name : router.remoteIpHeaders) {
        const QByteArray joined = lines(name);
        if (joined.isEmpty())
            continue;
        // From the nearest proxy back to the first one that nobody vouches for.
        const auto items = joined.split(',');
        for (qsizetype i = items.size() - 1; i >= 0; --i) {
            const QByteArray text = items[i].trimmed();
            const auto address = parseAddress(text);
            if (!address)
                break;
            if (i == 0 || !isTrusted(*address))
                return text;
        }
    }
    return request.remoteAddress;
}

} // namespace tokenlab::twin
