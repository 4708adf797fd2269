#include "core/playground/fault.h"

#include "core/support/nearest.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <vector>

namespace tokenlab::playground {

namespace {

struct Row {
    FaultInfo info;
    const char *effect, *consequence;
};

#define WORDS(text) QT_TRANSLATE_NOOP("playground", text)

constexpr Row Rows[] = {
    {{Fault::Expired, FaultGroup::Certificate, "expired"},
     WORDS("The certificate ran out yesterday."),
     WORDS("The gateway refuses the host: x509: certificate has expired or is not yet valid.")},
    {{Fault::NotYetValid, FaultGroup::Certificate, "not-yet-valid"},
     WORDS("The certificate is valid from tomorrow on."),
     WORDS("The gateway refuses the host with the words of an expired certificate.")},
    {{Fault::WrongName, FaultGroup::Certificate, "wrong-name"},
     WORDS("The certificate is for wrong-host.example and 192.0.2.1."),
     WORDS("The gateway refuses the host: x509: certificate is valid for 192.0.2.1, not 127.0.0.1.")},
    {{Fault::WrongCa, FaultGroup::Certificate, "wrong-ca"},
     WORDS("The certificate is signed by a CA that nobody has."),
     WORDS("The gateway refuses the host: x509: certificate signed by unknown authority.")},
    {{Fault::CommonName, FaultGroup::Certificate, "common-name"},
     WORDS("The certificate names the host in its subject alone, without a subjectAltName."),
     WORDS("The gateway refuses the host: x509: certificate relies on legacy Common Name field, use SANs instead.")},
    {{Fault::Tls12Only, FaultGroup::Port, "tls12-only"},
     WORDS("The HTTPS port speaks TLS 1.2 alone."),
     WORDS(
         "The gateway goes on; only now do its lists of cipher suites count. A client_tls without min_version would refuse the login: that "
         "wants TLS 1.3.")},
    {{Fault::Tls11Only, FaultGroup::Port, "tls11-only"},
     WORDS("The HTTPS port speaks TLS 1.1 alone."),
     WORDS("The gateway refuses it: remote error: tls: protocol version not supported.")},
    {{Fault::OneSuite, FaultGroup::Port, "one-suite"},
     WORDS("The HTTPS port speaks TLS 1.2 with suite 49161 (ECDHE-ECDSA-AES128-SHA) alone."),
     WORDS("Neither the key client nor client_tls offers it: remote error: tls: handshake failure, until cipher_suites names 49161.")},
    {{Fault::NotTls, FaultGroup::Port, "not-tls"},
     WORDS("The HTTPS port speaks plain HTTP."),
     WORDS("The gateway refuses it: http: server gave HTTP response to HTTPS client.")},
    {{Fault::HangUp, FaultGroup::Port, "hang-up"},
     WORDS("The HTTPS port hangs up on whoever begins to speak."),
     WORDS("The gateway says EOF.")},
    {{Fault::KeyHostDown, FaultGroup::Port, "key-host-down"},
     WORDS("Nothing listens, neither on the HTTP nor on the HTTPS port."),
     WORDS("A gateway that starts now answers 401 to every login until it is started again, also when the host is back: the signer is "
           "built once.")},
    {{Fault::Slow, FaultGroup::KeySet, "slow"},
     WORDS("A key set comes after two seconds."),
     WORDS("The gateway starts two seconds later.")},
    {{Fault::Silent, FaultGroup::KeySet, "silent"},
     WORDS("The key host takes the request and never answers."),
     WORDS("The gateway waits for ever and opens no port: its key client has no timeout.")},
    {{Fault::Drip, FaultGroup::KeySet, "drip"},
     WORDS("A key set comes a few bytes at a time, in about two seconds."),
     WORDS("The gateway waits for the last byte, then starts.")},
    {{Fault::NotFound, FaultGroup::KeySet, "404"},
     WORDS("The key host answers 404 with a JSON body."),
     WORDS("The gateway does not look at the status: it reads a key set without keys, and the signer finds no key of its kid.")},
    {{Fault::Html, FaultGroup::KeySet, "html"},
     WORDS("The key host answers 200 with a page for people."),
     WORDS("The gateway refuses it: should have a JSON content type for JWKS endpoint.")},
    {{Fault::WrongContentType, FaultGroup::KeySet, "wrong-content-type"},
     WORDS("The key set is labelled application/jwk+json."),
     WORDS("The gateway refuses it: it takes what begins with application/json or application/jwk-set+json.")},
    {{Fault::Huge, FaultGroup::KeySet, "huge"},
     WORDS("The key set is 80 MiB long, nearly all of it blanks."),
     WORDS("The gateway has no limit and reads it all; Token Lab stops after 64 MiB and says so.")},
    {{Fault::Truncated, FaultGroup::KeySet, "truncated"},
     WORDS("The key host hangs up in the middle of the set."),
     WORDS("The gateway says unexpected EOF.")},
    {{Fault::BadKey, FaultGroup::KeySet, "bad-key"},
     WORDS("The set begins with a key that misses a member."),
     WORDS("The gateway refuses the whole set for it.")},
    {{Fault::EmptySet, FaultGroup::KeySet, "empty-set"},
     WORDS("The set holds no key."),
     WORDS("The signer finds no key of its kid, so each login is answered with 401.")},
    {{Fault::RotatedKey, FaultGroup::KeySet, "rotated-key"},
     WORDS("A second after the first download each kid changes its name."),
     WORDS("A gateway that runs goes on signing with the old key, which no validator finds any more; one that starts finds no key.")},
    {{Fault::RedirectLoop, FaultGroup::KeySet, "redirect-loop"},
     WORDS("The key host redirects each request to the same place."),
     WORDS("The gateway says: stopped after 10 redirects.")},
    {{Fault::RedirectToHttp, FaultGroup::KeySet, "redirect-to-http"},
     WORDS("Asked over HTTPS, the key host redirects to plain HTTP."),
     WORDS("The gateway follows: whoever sits between reads and changes the keys, though jwk_url says https.")},
    {{Fault::Login401, FaultGroup::Login, "login-401"},
     WORDS("The login answers 401."),
     WORDS("The gateway answers 400: it takes 200 and 201 from a backend, nothing else.")},
    {{Fault::Login500, FaultGroup::Login, "login-500"}, WORDS("The login answers 500."), WORDS("The gateway answers 400.")},
    {{Fault::Login204, FaultGroup::Login, "login-204"},
     WORDS("The login answers 204, without a body."),
     WORDS("The gateway answers 400: it takes 200 and 201 from a backend, nothing else.")},
    {{Fault::LoginSlow, FaultGroup::Login, "login-slow"},
     WORDS("The login answers after two seconds."),
     WORDS("The client waits two seconds more, or gets 400 where the endpoint's timeout is shorter.")},
    {{Fault::LoginSilent, FaultGroup::Login, "login-silent"},
     WORDS("The login takes the request and never answers."),
     WORDS("The gateway answers 400 when the endpoint's timeout is over: context deadline exceeded.")},
    {{Fault::LoginHtml, FaultGroup::Login, "login-html"},
     WORDS("The login answers 200 with a page for people."),
     WORDS("The gateway answers 400: the page is no JSON.")},
    {{Fault::LoginNotJson, FaultGroup::Login, "login-not-json"},
     WORDS("The login answers 200 with application/json and a text that is none."),
     WORDS("The gateway answers 400: the body decides, not its type.")},
};

#undef WORDS

constexpr auto Infos = [] {
    std::array<FaultInfo, std::size(Rows)> out{};
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = Rows[i].info;
    return out;
}();

constexpr bool inOrder()
{
    for (std::size_t i = 0; i < Infos.size(); ++i) {
        if (std::size_t(Infos[i].fault) != i)
            return false;
    }
    return true;
}
static_assert(inOrder() && std::size(Rows) == std::size_t(Fault::LoginNotJson) + 1);

QString translated(const char *text)
{
    return QCoreApplication::translate("playground", text);
}

} // namespace

std::span<const FaultInfo> faults()
{
    return Infos;
}

const FaultInfo &faultInfo(Fault fault)
{
    return Infos[std::size_t(fault)];
}

std::optional<Fault> faultNamed(QByteArrayView name)
{
    const auto found = std::find_if(Infos.begin(), Infos.end(), [name](const FaultInfo &info) { return name == info.name; });
    return found == Infos.end() ? std::nullopt : std::optional(found->fault);
}

std::optional<QByteArray> nearestFault(QByteArrayView name)
{
    std::vector<QByteArray> names;
    for (const FaultInfo &info : Infos)
        names.emplace_back(info.name);
    return nearestName(name, names);
}

QString faultEffect(Fault fault)
{
    return translated(Rows[std::size_t(fault)].effect);
}

QString faultConsequence(Fault fault)
{
    return translated(Rows[std::size_t(fault)].consequence);
}

void FaultSet::add(Fault fault)
{
    if (const auto other = of(faultInfo(fault).group))
        m_faults.erase(*other);
    m_faults.insert(fault);
}

std::optional<Fault> FaultSet::of(FaultGroup group) const
{
    const auto found = std::find_if(m_faults.begin(), m_faults.end(), [group](Fault fault) { return faultInfo(fault).group == group; });
    return found == m_faults.end() ? std::nullopt : std::optional(*found);
}

} // namespace tokenlab::playground
