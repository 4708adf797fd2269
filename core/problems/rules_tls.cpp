// Pins, CA file and cipher suites of the key host (specification §3).
#include "core/problems/signerview.h"

#include "core/crypto/certificatekey.h"
#include "core/crypto/hash.h"
#include "core/crypto/peerverify.h"
#include "core/jose/base64.h"

#include <algorithm>
#include <array>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;
using gateway::SignerConfig;
using twin::StartStep;

constexpr qsizetype pinSize = 32; // SHA-256

// Without certificates in it, all of Go's list (crypto/tls) but those of TLS 1.3.
constexpr std::array<quint16, 22> knownSuites{5,     10,    47,    53,    60,    156,   157,   49159, 49161, 49162, 49169,
                                              49170, 49171, 49172, 49187, 49191, 49195, 49196, 49199, 49200, 52392, 52393};
// RC4, 3DES, CBC with SHA-256, and those without forward secrecy: off unless they are asked for.
constexpr std::array<quint16, 12> legacySuites{5, 10, 47, 53, 60, 156, 157, 49159, 49169, 49170, 49187, 49191};

template <std::size_t N>
bool has(const std::array<quint16, N> &list, quint16 number)
{
    return std::find(list.begin(), list.end(), number) != list.end();
}
bool isTls13(quint16 number)
{
    return (number >> 8) == 0x13;
}

std::optional<QByteArray> fromHex(QByteArray text)
{
    for (const char between : {':', ' ', '-', '\n', '\r', '\t'})
        text.replace(between, QByteArray());
    const bool digits = std::all_of(text.begin(), text.end(),
                                    [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
    if (!digits || text.size() != 2 * pinSize)
        return std::nullopt;
    return QByteArray::fromHex(text);
}

// A SHA-256 in any of the forms that tools print it in: hex, with colons, standard base64, without padding, `sha256//…` as curl has it.
std::optional<QByteArray> pinIn(const QByteArray &written)
{
    QByteArray text = written.trimmed();
    for (const char *prefix : {"sha256//", "sha256/", "sha256:", "sha256-", "SHA256:", "pin-sha256="})
        if (text.startsWith(prefix)) {
            text.remove(0, QByteArrayView(prefix).size());
            break;
        }
    if (text.size() > 1 && text.startsWith('"') && text.endsWith('"'))
        text = text.sliced(1).chopped(1);
    if (auto hex = fromHex(text))
        return hex;
    for (const char blank : {' ', '\t', '\n', '\r'})
        text.replace(blank, QByteArray());
    text.replace('+', '-').replace('/', '_');
    while (text.endsWith('='))
        text.chop(1);
    const auto bytes = jose::decodeBase64RawUrl(text);
    if (bytes && bytes->size() == pinSize)
        return *bytes;
    // The hex text itself in base64.
    return bytes ? fromHex(*bytes) : std::nullopt;
}

class TlsRules
{
public:
    TlsRules(const SignerView &view, const SignerConfig &config, qint64 port) : m_view(view), m_config(config), m_port(port) {}

    void check()
    {
        pins();
        authority();
        suites();
    }

private:
    // The gateway speaks TLS with the key host and looks at what it sends.
    [[nodiscard]] bool speaksTls() const { return m_config.localPath.isEmpty() && m_config.jwkUrl.startsWith("https://"); }

    [[nodiscard]] QByteArray element(QByteArrayView member, std::size_t index, std::size_t count) const
    {
        const QByteArray list = m_view.pointer(member);
        const int node = m_view.member(member);
        const bool elements =
            node >= 0 && m_view.tree().node(node).type == json::Type::Array && m_view.tree().node(node).children.size() == count;
        return elements ? childPointer(list, index) : list;
    }
    [[nodiscard]] QByteArray pinAt(std::size_t index) const { return element("jwk_fingerprints", index, m_config.fingerprints.size()); }

    void write(Problem &problem, const QByteArray &kind, const QByteArray &place, const QByteArray &pin, bool safe) const
    {
        const int node = m_view.tree().find(place);
        const QByteArray text = jose::encodeBase64Url(pin);
        if (node >= 0 && m_view.tree().node(node).type == json::Type::String)
            Rules::offer(problem, kind, {"jwk_fingerprints", text},
                         std::optional(m_view.tree().replaceValue(node, edit::quotedBytes(text))), safe);
    }

    void pins()
    {
        const std::vector<QByteArray> &all = m_config.fingerprints;
        bool told = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const QByteArray place = pinAt(i);
            const auto bytes = jose::decodeBase64Url(all[i]);
            if (bytes && bytes->size() == pinSize)
                continue;
            const std::optional<QByteArray> meant = pinIn(all[i]);
            Problem *problem = nullptr;
            if (bytes) {
                problem = &m_view.raise("pin-length", place, {all[i], QByteArray::number(bytes->size())});
            } else {
                const bool first = m_view.failedAt(StartStep::Fingerprints) && !told;
                told = true;
                problem = first ? &m_view.raiseStart("pin-undecodable", place, {all[i], m_view.error()->text})
                                : &m_view.raise("pin-undecodable", place, {all[i], jose::gatewayText(bytes.error())});
            }
            if (meant)
                write(*problem, "convert", place, *meant, true);
        }
        if (all.empty())
            return;
        const EndpointFacts *facts = m_view.facts();
        const char *reason = !m_config.localPath.isEmpty()           ? "jwk_local_path"
                             : m_config.jwkUrl.startsWith("http://") ? "http"
                             : facts && facts->proxied               ? "proxy"
                                                                     : nullptr;
        if (reason)
            m_view.raise("pin-ignored", m_view.pointer("jwk_fingerprints"), {reason});
        else
            peers(facts);
    }

    // What the key host sent, against the pins.
    void peers(const EndpointFacts *facts)
    {
        const bool refused = downloadFault(m_view, m_port) == DownloadFault::Pins;
        bool told = false;
        if (facts) {
            for (std::size_t i = 0; i < m_config.fingerprints.size(); ++i) {
                const auto pin = jose::decodeBase64Url(m_config.fingerprints[i]);
                if (!pin || pin->size() != pinSize)
                    continue;
                for (const QByteArray &certificate : facts->peerCertificates) {
                    const auto right = crypto::spkiPin(certificate);
                    if (!right || *right == *pin || crypto::digest(crypto::Hash::Sha256, certificate) != *pin)
                        continue;
                    Problem &problem =
                        refused && !told ? m_view.raiseStart("pin-of-certificate", pinAt(i)) : m_view.raise("pin-of-certificate", pinAt(i));
                    if (!refused)
                        problem.severity = Severity::Warning;
                    told = true;
                    write(problem, "convert", pinAt(i), *right, true);
                    break;
                }
            }
        }
        if (refused && !told) {
            Problem &problem =
                m_view.raiseStart("pin-mismatch", m_view.pointer("jwk_fingerprints"), {twin::keyUrlForDisplay(m_view.endpoint())});
            if (facts && !facts->peerCertificates.empty())
                if (const auto pin = crypto::spkiPin(facts->peerCertificates.front()))
                    m_view.set(problem, "jwk_fingerprints", jose::encodeBase64Url(*pin),
                               '[' + edit::quotedBytes(jose::encodeBase64Url(*pin)) + ']');
        }
        if (!refused && facts)
            strays(*facts);
    }

    // A certificate that merely stands beside the chain proves nothing: anybody may send a copy of it.
    void strays(const EndpointFacts &facts)
    {
        if (facts.verifiedCertificates.empty())
            return;
        const auto pinned = [&](const std::vector<QByteArray> &certificates) {
            return std::any_of(certificates.begin(), certificates.end(), [&](const QByteArray &certificate) {
                const auto right = crypto::spkiPin(certificate);
                return right && std::any_of(m_config.fingerprints.begin(), m_config.fingerprints.end(), [&](const QByteArray &text) {
                           const auto pin = jose::decodeBase64Url(text);
                           return pin && *pin == *right;
                       });
            });
        };
        if (!pinned(facts.peerCertificates) || pinned(facts.verifiedCertificates))
            return;
        Problem &problem = m_view.raise("pin-stray", m_view.pointer("jwk_fingerprints"), {twin::keyUrlForDisplay(m_view.endpoint())});
        if (const auto pin = crypto::spkiPin(facts.verifiedCertificates.front()))
            m_view.set(problem, "jwk_fingerprints", jose::encodeBase64Url(*pin),
                       '[' + edit::quotedBytes(jose::encodeBase64Url(*pin)) + ']');
    }

    void authority()
    {
        const QByteArray place = m_view.pointer("jwk_local_ca");
        if (m_view.failedAt(StartStep::Ca))
            m_view.raiseStart("ca-unreadable", place, {m_config.localCa, m_view.error()->text});
        if (downloadFault(m_view, m_port) == DownloadFault::Untrusted)
            m_view.raiseStart("key-host-untrusted", m_view.pointer("jwk_url"),
                              {twin::keyUrlForDisplay(m_view.endpoint()), m_view.error()->text});
        if (m_config.localCa.isEmpty())
            return;
        if (!speaksTls() || m_config.disableJwkSecurity)
            m_view.raise("ca-unused", place,
                         {!m_config.localPath.isEmpty() ? "jwk_local_path"
                          : speaksTls()                 ? "disable_jwk_security"
                                                        : "http"});
        const EndpointFacts *facts = m_view.facts();
        if (!facts)
            return;
        const auto file = facts->files.find(m_config.localCa);
        if (file == facts->files.end() || !file->second)
            return;
        crypto::CertificatePool pool;
        if (pool.addPem(*file->second) > 0)
            return;
        const bool der = crypto::readCertificateKey(*file->second).ok();
        m_view.raise(der ? "ca-der" : "ca-empty", place, {m_config.localCa});
    }

    void suites()
    {
        const std::vector<quint16> &all = m_config.cipherSuites;
        const auto known = std::count_if(all.begin(), all.end(), [](quint16 number) { return has(knownSuites, number); });
        for (std::size_t i = 0; i < all.size(); ++i) {
            const QByteArray number = QByteArray::number(all[i]);
            const QByteArray place = element("cipher_suites", i, all.size());
            const bool odd = isTls13(all[i]) || !has(knownSuites, all[i]);
            if (!odd && (!speaksTls() || !has(legacySuites, all[i])))
                continue;
            Problem &problem = m_view.raise(isTls13(all[i]) ? "suite-tls13" : odd ? "suite-unknown" : "suite-legacy", place, {number});
            // An empty list would be the gateway's own one.
            if (place != m_view.pointer("cipher_suites"))
                Rules::offer(problem, "remove", {number}, edit::removeAt(m_view.tree(), place), odd && known > 0);
        }
        if (!all.empty() && known == 0 && speaksTls()) {
            Problem &problem = m_view.raise("suite-none-tls12", m_view.pointer("cipher_suites"));
            m_view.remove(problem, "cipher_suites");
        }
    }

    const SignerView &m_view;
    const SignerConfig &m_config;
    qint64 m_port;
};

} // namespace

void checkTls(const Input &input, List &list)
{
    eachSigner(input, list, [&](const SignerView &view) {
        if (const SignerConfig *config = view.config())
            TlsRules(view, *config, input.service->port).check();
    });
}

} // namespace tokenlab::problems
