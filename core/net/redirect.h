// What the gateway's client does with a 3xx answer: specification §2.3, §4.2.
#pragma once

#include "core/http/message.h"
#include "core/support/url.h"

#include <variant>

namespace tokenlab::net {

// One request of an exchange; redirects make more of them.
struct Hop {
    QByteArray method;
    Url url;
    http::HeaderList headers;
    QByteArray body;
};

class RedirectRules
{
public:
    RedirectRules(Hop first, int maxRequests) : m_first(std::move(first)), m_maxRequests(maxRequests) {}

    struct Stay {
    }; // the answer is the answer
    using Decision = std::variant<Stay, Hop, http::TransportError>;
    // `location`: the header as it came, nothing where there is none.
    [[nodiscard]] Decision decide(const Hop &current, int status, const std::optional<QByteArray> &location);

private:
    Hop m_first;
    int m_maxRequests;
    int m_made = 0;         // requests that were answered
    bool m_foreign = false; // once at another host, secrets stay away
};

} // namespace tokenlab::net
