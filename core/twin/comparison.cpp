#include "core/twin/comparison.h"

#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/support/url.h"

#include <algorithm>
#include <cmath>

namespace tokenlab::twin {

namespace {

constexpr qsizetype longest = 400;      // of a shown value
constexpr int deepest = 100;            // below that texts are compared
constexpr std::size_t most = 200;       // differences that are listed
constexpr double closeTogether = 120.0; // seconds between two calls of a backend

QByteArray shortened(const QByteArray &text)
{
    return text.size() <= longest ? text : text.first(longest) + "…";
}

QByteArray shown(json::Value value)
{
    return value.exists() ? shortened(json::write(value)) : QByteArray();
}

QByteArray escapedName(std::string_view name)
{
    QByteArray out(name.data(), qsizetype(name.size()));
    return out.replace('~', "~0").replace('/', "~1");
}

// Headers of the connection or of the moment.
bool isTransient(const QByteArray &name)
{
    for (const char *known : {"Date", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"})
        if (name.compare(known, Qt::CaseInsensitive) == 0)
            return true;
    return false;
}
bool isTransientSent(const QByteArray &name)
{
    return isTransient(name) || name.compare("Host", Qt::CaseInsensitive) == 0 || name.compare("Accept-Encoding", Qt::CaseInsensitive) == 0;
}

std::vector<QByteArray> namesOf(const http::HeaderList &a, const http::HeaderList &b, bool (*skip)(const QByteArray &))
{
    std::vector<QByteArray> names;
    for (const http::HeaderList *list : {&a, &b})
        for (const http::Header &header : *list)
            if (const QByteArray name = http::canonicalHeaderName(header.name);
                !skip(name) && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
    return names;
}

QByteArray joined(const std::vector<QByteArray> &texts)
{
    QByteArray out;
    for (const QByteArray &text : texts)
        out += (out.isEmpty() ? "" : "\n") + text;
    return out;
}

// The surroundings of the first byte that differs.
std::pair<QByteArray, QByteArray> around(const QByteArray &a, const QByteArray &b)
{
    if (a.size() <= longest && b.size() <= longest)
        return {a, b};
    qsizetype at = 0;
    while (at < a.size() && at < b.size() && a[at] == b[at])
        ++at;
    const auto cut = [at](const QByteArray &text) {
        const qsizetype from = std::max<qsizetype>(0, at - 40);
        return (from > 0 ? QByteArray("…") : QByteArray()) + text.mid(from, 160) + (from + 160 < text.size() ? "…" : "");
    };
    return {cut(a), cut(b)};
}

// `read tcp 127.0.0.1:51234->127.0.0.1:80`: the first port is another each time.
QByteArray withoutOwnPorts(QByteArray line)
{
    for (qsizetype arrow = line.indexOf("->"); arrow > 0; arrow = line.indexOf("->", arrow + 2)) {
        qsizetype from = arrow;
        while (from > 0 && line[from - 1] >= '0' && line[from - 1] <= '9')
            --from;
        if (from == arrow || from == 0 || line[from - 1] != ':')
            continue;
        line.replace(from, arrow - from, "*");
        arrow = from + 1;
    }
    return line;
}

class Comparing
{
public:
    Comparing(const Outcome &lab, const SignerState &signer, const Observed &gateway, bool sameReplies)
        : m_lab(lab), m_signer(signer), m_gateway(gateway), m_sameReplies(sameReplies)
    {
    }

    Comparison run()
    {
        if (start()) {
            answer();
            if (m_gateway.logKnown)
                log();
            for (std::size_t i = 0; i < m_gateway.backends.size(); ++i)
                sent(i);
        }
        return std::move(m_out);
    }

private:
    void differs(Difference difference)
    {
        if (m_out.differences.size() < most)
            m_out.differences.push_back(std::move(difference));
    }
    void differs(Difference::Place place, const QByteArray &name, const QByteArray &lab, const QByteArray &gateway)
    {
        Difference difference;
        difference.place = place;
        difference.name = name;
        difference.lab = lab;
        difference.gateway = gateway;
        differs(std::move(difference));
    }

    // True when both listen, so that there are answers.
    bool start()
    {
        const bool labStarts = m_lab.verdict != Verdict::DoesNotStart && m_lab.startError.isEmpty();
        const bool gatewayStarts = m_gateway.start == Observed::Listens;
        if (labStarts && gatewayStarts)
            return true;
        QByteArray expected = m_lab.startError;
        if (expected.isEmpty() && m_lab.signerError)
            expected = m_lab.signerError->text;
        if (!labStarts && !gatewayStarts) {
            const bool labHangs = m_lab.hangs || (m_lab.signerError && m_lab.signerError->hangs);
            if (labHangs ? m_gateway.start == Observed::Silent : m_gateway.wholeLog.contains(expected))
                return false;
        }
        QByteArray seen;
        switch (m_gateway.start) {
        case Observed::Listens:
            seen = "starts";
            break;
        case Observed::Ended:
            seen = "ends with " + QByteArray::number(m_gateway.exitCode) + ": " + m_gateway.startText;
            break;
        case Observed::Crashed:
            seen = "crashes: " + m_gateway.startText;
            break;
        case Observed::Silent:
            seen = "neither listens nor ends";
            break;
        }
        differs(Difference::Start, {}, labStarts ? QByteArray("starts") : "does not start: " + expected, seen);
        return false;
    }

    void answer()
    {
        const Response &lab = m_lab.response, &gateway = m_gateway.response;
        if (!m_gateway.answered || lab.status == 0) {
            const auto told = [](bool answered, int status) { return answered ? QByteArray::number(status) : QByteArray("no answer"); };
            if (m_gateway.answered || lab.status != 0)
                differs(Difference::Status, {}, told(lab.status != 0, lab.status), told(m_gateway.answered, gateway.status));
            return;
        }
        if (lab.status != gateway.status)
            differs(Difference::Status, {}, QByteArray::number(lab.status), QByteArray::number(gateway.status));
        for (const QByteArray &name : namesOf(lab.headers, gateway.headers, isTransient)) {
            const auto mine = lab.headers.all(name), its = gateway.headers.all(name);
            if (mine == its)
                continue;
            Difference difference;
            difference.place = Difference::Header;
            difference.name = name;
            difference.lab = joined(mine);
            difference.gateway = joined(its);
            // A session cookie is another in each answer of a backend.
            if (!m_sameReplies && name == "Set-Cookie" && cookieNames(mine) == cookieNames(its))
                m_out.tolerated.push_back(std::move(difference));
            else
                differs(std::move(difference));
        }
        if (m_lab.brokenOff != m_gateway.brokenOff)
            differs(Difference::BrokenOff, {}, m_lab.brokenOff ? "broken off" : "whole", m_gateway.brokenOff ? "broken off" : "whole");
        body(lab.body, gateway.body);
    }

    static std::vector<QByteArray> cookieNames(const std::vector<QByteArray> &cookies)
    {
        std::vector<QByteArray> names;
        for (const QByteArray &cookie : cookies)
            names.push_back(cookie.first(std::max<qsizetype>(0, cookie.indexOf('='))));
        return names;
    }

    void body(const QByteArray &lab, const QByteArray &gateway)
    {
        if (lab == gateway)
            return;
        const auto mine = json::parse(lab), its = json::parse(gateway);
        const std::size_t before = m_out.differences.size();
        QByteArray settled = gateway; // with verified signatures put in place of the lab's
        if (mine && its) {
            m_settled = &settled;
            Spot spot;
            spot.place = Difference::BodyMember;
            compare(mine->root(), its->root(), spot, {}, 0);
            m_settled = nullptr;
            if (m_out.differences.size() > before || settled == lab || !m_out.tolerated.empty())
                return;
        }
        const auto [a, b] = around(lab, settled);
        differs(Difference::Body, {}, a, b);
    }

    struct Spot {
        Difference::Place place = Difference::BodyMember;
        QByteArray token; // pointer of the token that is looked into
    };

    void found(const Spot &spot, const QByteArray &pointer, json::Value lab, json::Value gateway)
    {
        Difference difference;
        difference.place = spot.place;
        difference.name = spot.place == Difference::BodyMember ? pointer : spot.token;
        if (spot.place != Difference::BodyMember)
            difference.pointer = pointer;
        difference.lab = shown(lab);
        difference.gateway = shown(gateway);
        if (!m_sameReplies && isFresh(pointer, lab, gateway))
            m_out.tolerated.push_back(std::move(difference));
        else
            differs(std::move(difference));
    }

    // What a backend makes anew at each call.
    static bool isFresh(const QByteArray &pointer, json::Value lab, json::Value gateway)
    {
        if (lab.isNumber() && gateway.isNumber()) {
            const double a = lab.toDouble(), b = gateway.toDouble();
            return a > 1e9 && b > 1e9 && std::fabs(a - b) <= (a > 1e12 ? closeTogether * 1000 : closeTogether);
        }
        if (!lab.isString() || !gateway.isString())
            return false;
        const QByteArray name = pointer.mid(pointer.lastIndexOf('/') + 1);
        for (const char *known : {"jti", "sid", "nonce", "session", "session_id", "session_state", "at_hash"})
            if (name == known)
                return true;
        return false;
    }

    void compare(json::Value lab, json::Value gateway, const Spot &spot, const QByteArray &pointer, int depth)
    {
        if (lab.exists() != gateway.exists() || lab.type() != gateway.type()) {
            found(spot, pointer, lab, gateway);
            return;
        }
        if (depth > deepest) {
            if (json::write(lab) != json::write(gateway))
                found(spot, pointer, lab, gateway);
            return;
        }
        switch (lab.type()) {
        case json::Type::Null:
            return;
        case json::Type::Bool:
            if (lab.asBool() != gateway.asBool())
                found(spot, pointer, lab, gateway);
            return;
        case json::Type::Number:
            if (lab.text() != gateway.text())
                found(spot, pointer, lab, gateway);
            return;
        case json::Type::String:
            if (lab.text() != gateway.text() && !tokens(lab, gateway, spot, pointer))
                found(spot, pointer, lab, gateway);
            return;
        case json::Type::Array:
            for (std::size_t i = 0; i < std::max(lab.size(), gateway.size()); ++i)
                compare(lab.at(i), gateway.at(i), spot, pointer + '/' + QByteArray::number(qulonglong(i)), depth + 1);
            return;
        case json::Type::Object:
            members(lab, gateway, spot, pointer, depth);
            return;
        }
    }

    void members(json::Value lab, json::Value gateway, const Spot &spot, const QByteArray &pointer, int depth)
    {
        for (const json::Member &member : lab.members())
            compare(member.value, gateway.find(member.name), spot, pointer + '/' + escapedName(member.name), depth + 1);
        for (const json::Member &member : gateway.members())
            if (!lab.find(member.name).exists())
                found(spot, pointer + '/' + escapedName(member.name), {}, member.value);
    }

    // True when both texts are tokens: then what differs inside them is told instead.
    bool tokens(json::Value lab, json::Value gateway, const Spot &spot, const QByteArray &pointer)
    {
        if (spot.place != Difference::BodyMember)
            return false;
        const jose::DecodedToken mine = jose::decodeToken(lab.bytes()), its = jose::decodeToken(gateway.bytes());
        if (mine.form == jose::DecodedToken::None || mine.form != its.form || !mine.header.root().isObject() ||
            !its.header.root().isObject())
            return false;
        const std::size_t before = m_out.differences.size();
        compare(mine.header.root(), its.header.root(), {Difference::TokenHeader, pointer}, {}, 1);
        compare(mine.payload.root(), its.payload.root(), {Difference::TokenPayload, pointer}, {}, 1);
        if (m_out.differences.size() > before)
            return true; // another signature follows from it
        // The same members in another order or spelling are other bytes.
        const bool sameBytes = mine.protectedPart == its.protectedPart && mine.payloadPart == its.payloadPart;
        if (!sameBytes && m_sameReplies)
            return false;
        const bool randomised = m_signer.signer && jose::isRandomised(m_signer.signer->algorithm());
        if (sameBytes && !randomised && mine.signature != its.signature) {
            signatures(mine, its, pointer);
            return true;
        }
        const bool good = m_signer.signer && jose::verifySignature(m_signer.signer->key().publicKey(), m_signer.signer->algorithm(),
                                                                   QByteArray(its.protectedPart + '.' + its.payloadPart), its.signature);
        if (!good) {
            signatures(mine, its, pointer);
            return true;
        }
        m_out.verified.push_back(pointer);
        if (m_settled && sameBytes)
            m_settled->replace(its.signaturePart, mine.signaturePart);
        return true;
    }

    void signatures(const jose::DecodedToken &mine, const jose::DecodedToken &its, const QByteArray &pointer)
    {
        differs(Difference::TokenSignature, pointer, mine.signaturePart, its.signaturePart);
    }

    // Backends that are asked at the same time write in any order.
    void log()
    {
        const auto sorted = [](const std::vector<QByteArray> &lines) {
            std::vector<QByteArray> out;
            for (const QByteArray &line : lines)
                out.push_back(withoutOwnPorts(line));
            std::sort(out.begin(), out.end());
            return out;
        };
        const auto mine = sorted(m_lab.log), its = sorted(m_gateway.log);
        std::vector<QByteArray> onlyMine, onlyIts;
        std::set_difference(mine.begin(), mine.end(), its.begin(), its.end(), std::back_inserter(onlyMine));
        std::set_difference(its.begin(), its.end(), mine.begin(), mine.end(), std::back_inserter(onlyIts));
        for (std::size_t i = 0; i < std::max(onlyMine.size(), onlyIts.size()); ++i)
            differs(Difference::Log, {}, i < onlyMine.size() ? onlyMine[i] : QByteArray(), i < onlyIts.size() ? onlyIts[i] : QByteArray());
    }

    void sent(std::size_t index)
    {
        const BackendSeen &seen = m_gateway.backends[index];
        if (!seen.watched)
            return;
        const bool asked = index < m_lab.backends.size() && m_lab.backends[index].reply.has_value();
        const auto add = [&](Difference::Place place, const QByteArray &name, const QByteArray &lab, const QByteArray &gateway) {
            Difference difference;
            difference.place = place;
            difference.name = name;
            difference.backend = int(index);
            difference.lab = shortened(lab);
            difference.gateway = shortened(gateway);
            differs(std::move(difference));
        };
        if (seen.requests.empty() == asked)
            add(Difference::Calls, {}, asked ? "asked" : "not asked", seen.requests.empty() ? "not asked" : "asked");
        if (!asked || seen.requests.empty())
            return;
        const http::Request &mine = m_lab.backends[index].sent;
        const SeenRequest &its = seen.requests.front();
        if (mine.method != its.method)
            add(Difference::Sent, "method", mine.method, its.method);
        const auto url = Url::parse(mine.url);
        if (url && url->target() != its.target)
            add(Difference::Sent, "target", url->target(), its.target);
        for (const QByteArray &name : namesOf(mine.headers, its.headers, isTransientSent)) {
            const auto a = mine.headers.all(name), b = its.headers.all(name);
            if (a != b)
                add(Difference::Sent, "header " + name, joined(a), joined(b));
        }
        if (mine.body != its.body) {
            const auto [a, b] = around(mine.body, its.body);
            add(Difference::Sent, "body", a, b);
        }
    }

    const Outcome &m_lab;
    const SignerState &m_signer;
    const Observed &m_gateway;
    bool m_sameReplies;
    QByteArray *m_settled = nullptr;
    Comparison m_out;
};

} // namespace

QByteArray where(const Difference &difference)
{
    const auto named = [&](const char *what) { return QByteArray(what) + (difference.name.isEmpty() ? "" : ' ' + difference.name); };
    const auto backend = [&] { return "backend " + QByteArray::number(difference.backend + 1); };
    switch (difference.place) {
    case Difference::Start:
        return "start";
    case Difference::Status:
        return "status";
    case Difference::Header:
        return named("header");
    case Difference::Body:
    case Difference::BodyMember:
        return named("body");
    case Difference::TokenHeader:
        return named("token") + " header " + difference.pointer;
    case Difference::TokenPayload:
        return named("token") + " payload " + difference.pointer;
    case Difference::TokenSignature:
        return named("token") + " signature";
    case Difference::Log:
        return "log";
    case Difference::BrokenOff:
        return "connection";
    case Difference::Calls:
        return backend();
    case Difference::Sent:
        return backend() + " request " + difference.name;
    }
    return {};
}

Comparison compare(const Outcome &lab, const SignerState &signer, const Observed &gateway, bool sameReplies)
{
    return Comparing(lab, signer, gateway, sameReplies).run();
}

} // namespace tokenlab::twin
