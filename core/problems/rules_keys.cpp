// What the loaded keys say, and why none were loaded (specification §2, §6.2, §10).
#include "core/problems/signerview.h"

#include "core/keys/keyfile.h"
#include "core/support/nearest.h"

#include <algorithm>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;
using gateway::SignerConfig;
using twin::StartStep;

constexpr qsizetype largeSet = 1024 * 1024;
constexpr int weakRsaBits = 2048;

QByteArray typeName(jose::KeyType type)
{
    switch (type) {
    case jose::KeyType::Oct:
        return "oct";
    case jose::KeyType::Rsa:
        return "RSA";
    case jose::KeyType::Ec:
        return "EC";
    case jose::KeyType::Ed25519:
        break;
    }
    return "Ed25519";
}

// 256 of HS256, also of ES512, which wants a curve of 521.
int digitsOf(jose::Algorithm algorithm)
{
    return jose::name(algorithm).right(3).toInt();
}

bool canSign(const jose::Key &key, jose::Algorithm algorithm)
{
    if (key.type() != jose::keyTypeOf(algorithm) || !key.isPrivate())
        return false;
    if (key.type() == jose::KeyType::Ec)
        return key.bits() == (algorithm == jose::Algorithm::ES512 ? 521 : digitsOf(algorithm));
    return true;
}

std::vector<QByteArray> kidsOf(const jose::KeySet &set)
{
    std::vector<QByteArray> out;
    for (const jose::Key &key : set.keys)
        if (!key.kid().isEmpty() && std::find(out.begin(), out.end(), key.kid()) == out.end())
            out.push_back(key.kid());
    return out;
}

QByteArray joined(const std::vector<QByteArray> &names)
{
    QByteArray out;
    for (const QByteArray &name : names)
        out += (out.isEmpty() ? "" : ", ") + name;
    return out;
}

class KeyRules
{
public:
    KeyRules(const SignerView &view, const SignerConfig &config, qint64 port) : m_view(view), m_config(config), m_port(port) {}

    void check()
    {
        elsewhere();
        if (m_view.error())
            refused();
        download();
        if (const jose::KeySet *set = loadedSet())
            twice(*set);
        if (const jose::Signer *signer = m_view.signer())
            key(*signer);
    }

private:
    [[nodiscard]] QByteArray at(QByteArrayView member) const { return m_view.pointer(member); }

    [[nodiscard]] const jose::KeySet *loadedSet() const { return m_view.keys(); }

    // Whether a service elsewhere opens the file, only it knows.
    void elsewhere()
    {
        const qsizetype colon = m_config.secretUrl.indexOf("://");
        QByteArray scheme = m_config.secretUrl.left(std::max<qsizetype>(colon, 0)).toLower();
        static const std::vector<QByteArray> services{"awskms", "azurekeyvault", "gcpkms", "hashivault"};
        if (!m_config.localPath.isEmpty() && std::find(services.begin(), services.end(), scheme) != services.end())
            m_view.raise("keeper-elsewhere", at("secret_url"), {scheme});
    }

    void refused()
    {
        const twin::StartError &error = *m_view.error();
        if (isLocalMiss(m_view)) {
            if (error.hangs)
                m_view.raiseStart("key-host-silent", at("jwk_url"), {shownUrl()});
            else
                missing(error.crash ? "kid-crash" : "kid-not-in-file", {m_config.kid, m_config.localPath, error.text});
            return;
        }
        switch (error.step) {
        case StartStep::KeyFile:
            keyFile(error);
            break;
        case StartStep::KeySet:
            keySet(error);
            break;
        case StartStep::KeyLookup:
            if (error.text == "no Keys has been found")
                m_view.raiseStart("key-set-empty", at("jwk_url"), {shownUrl()});
            else
                missing("kid-absent", {m_config.kid, shownUrl()});
            break;
        case StartStep::Algorithm:
            algorithm(error);
            break;
        case StartStep::Download:
            downloadFailed();
            break;
        case StartStep::ConfigTypes:
        case StartStep::Url:
        case StartStep::Fingerprints:
        case StartStep::Ca:
            break; // others' concern
        }
    }

    void keyFile(const twin::StartError &error)
    {
        if (error.unknown)
            return; // elsewhere() has said it
        if (error.crash)
            m_view.raiseStart("key-file-short", at("jwk_local_path"), {m_config.localPath});
        else if (error.text.startsWith("open secrets.Keeper") || error.text.startsWith("open keeper"))
            m_view.raiseStart("keeper-url", at("secret_url"));
        else if (!m_config.secretUrl.isEmpty() && (error.text.startsWith("secrets (") || error.text.startsWith("cipher: ")))
            m_view.raiseStart("key-file-locked", at(error.text.startsWith("cipher: ") ? "jwk_local_path" : "cypher_key"),
                              {m_config.localPath, error.text});
        else if (error.text.startsWith("open ") || error.text.startsWith("read "))
            m_view.raiseStart("key-file-unreadable", at("jwk_local_path"), {m_config.localPath, error.text});
        else
            m_view.raiseStart("key-file-locked", at("jwk_local_path"), {m_config.localPath, error.text});
    }

    void keySet(const twin::StartError &error)
    {
        const bool local = !m_config.localPath.isEmpty();
        const QByteArray source = local ? m_config.localPath : shownUrl();
        const QByteArray place = at(local ? "jwk_local_path" : "jwk_url");
        const std::optional<jose::KeySetError> fault = faultOf(local);
        if (fault && fault->index >= 0)
            m_view.raiseStart("key-element-bad", place, {source, QByteArray::number(fault->index), error.text, fault->member});
        else
            m_view.raiseStart("key-set-invalid", place, {source, error.text});
    }

    // Which element it was is not among the gateway's words.
    [[nodiscard]] std::optional<jose::KeySetError> faultOf(bool local) const
    {
        const EndpointFacts *facts = m_view.facts();
        if (!facts)
            return std::nullopt;
        if (!local) {
            if (!facts->download || !*facts->download)
                return std::nullopt;
            const auto set = jose::parseKeySet((*facts->download)->body, jose::SetSource::Remote);
            return set ? std::nullopt : std::optional(set.error());
        }
        const auto file = facts->files.find(m_config.localPath);
        if (file == facts->files.end() || !file->second)
            return std::nullopt;
        const auto opened = keys::openKeyFile(*file->second, m_config.secretUrl, m_config.cypherKey);
        if (!opened)
            return std::nullopt;
        const auto set = jose::parseKeySet(opened->view(), jose::SetSource::LocalFile);
        return set ? std::nullopt : std::optional(set.error());
    }

    void missing(std::string_view id, std::vector<QByteArray> arguments)
    {
        const jose::KeySet *set = loadedSet();
        const std::vector<QByteArray> kids = set ? kidsOf(*set) : std::vector<QByteArray>();
        arguments.push_back(joined(kids));
        Problem &problem = m_view.raiseStart(id, at("kid"), std::move(arguments));
        // Keys that can do the algorithm are better guesses than a like name.
        std::vector<QByteArray> able;
        if (const auto wanted = jose::algorithmFromName(m_config.alg); wanted && set)
            for (const jose::Key &key : set->keys)
                if (!key.kid().isEmpty() && canSign(key, *wanted) && std::find(able.begin(), able.end(), key.kid()) == able.end())
                    able.push_back(key.kid());
        const std::vector<QByteArray> &candidates = able.empty() ? kids : able;
        const std::optional<QByteArray> nearest =
            candidates.size() == 1 ? std::optional(candidates.front()) : nearestName(m_config.kid, candidates);
        if (nearest)
            m_view.set(problem, "kid", *nearest, edit::quotedBytes(*nearest));
    }

    void algorithm(const twin::StartError &error)
    {
        const jose::KeySet *set = loadedSet();
        const jose::Key *key = set ? set->find(m_config.kid) : nullptr;
        const auto wanted = jose::algorithmFromName(m_config.alg);
        if (error.text.contains("unsupported key type")) {
            m_view.raiseStart("key-public", at("kid"), {m_config.kid});
            return;
        }
        if (!wanted)
            return; // of no key at all
        Problem &problem =
            m_view.raiseStart("key-algorithm", at("alg"), {m_config.alg, m_config.kid, key ? typeName(key->type()) : QByteArray()});
        if (!key)
            return;
        for (const jose::Algorithm one : jose::allAlgorithms()) {
            // Of an RSA or oct key the same digits, of a curve its own.
            const bool like = key->type() == jose::KeyType::Rsa || key->type() == jose::KeyType::Oct
                                  ? digitsOf(one) == digitsOf(*wanted) || *wanted == jose::Algorithm::EdDSA
                                  : true;
            if (!like || !canSign(*key, one))
                continue;
            m_view.set(problem, "alg", jose::name(one), edit::quotedBytes(jose::name(one)));
            break;
        }
        for (const jose::Key &other : set->keys)
            if (!other.kid().isEmpty() && canSign(other, *wanted)) {
                m_view.set(problem, "kid", other.kid(), edit::quotedBytes(other.kid()));
                break;
            }
    }

    void downloadFailed()
    {
        const QByteArray place = at("jwk_url");
        const twin::StartError &error = *m_view.error();
        switch (downloadFault(m_view, m_port)) {
        case DownloadFault::Silent:
            m_view.raiseStart("key-host-silent", place, {shownUrl()});
            break;
        case DownloadFault::Unseen:
            m_view.raise("key-host-unseen", place, {shownUrl(), error.text});
            break;
        case DownloadFault::ContentType:
            m_view.raiseStart("key-type-header", place, {shownUrl(), contentType()});
            break;
        case DownloadFault::Other:
            m_view.raiseStart("key-download", place, {shownUrl(), error.text});
            break;
        case DownloadFault::None:
        case DownloadFault::Refused:
        case DownloadFault::OwnGateway:
        case DownloadFault::Pins:
        case DownloadFault::Untrusted:
            break;
        }
    }

    [[nodiscard]] QByteArray contentType() const
    {
        const EndpointFacts *facts = m_view.facts();
        if (!facts || !facts->download || !*facts->download)
            return {};
        return (*facts->download)->headers.first("Content-Type").value_or(QByteArray());
    }

    // What the key host did beside its answer.
    void download()
    {
        const EndpointFacts *facts = m_view.facts();
        if (!facts || !facts->download || !*facts->download)
            return;
        const http::Reply &reply = **facts->download;
        const QByteArray place = at("jwk_url");
        if (m_config.jwkUrl.startsWith("https://") && reply.finalUrl.startsWith("http://"))
            m_view.raise("key-redirect-http", place, {shownUrl()});
        if (reply.status != 200)
            m_view.raise("key-status", place, {shownUrl(), QByteArray::number(reply.status)});
        if (reply.body.size() > largeSet)
            m_view.raise("key-set-large", place, {shownUrl(), QByteArray::number(reply.body.size())});
    }

    void twice(const jose::KeySet &set)
    {
        const auto count = std::count_if(set.keys.begin(), set.keys.end(), [&](const jose::Key &key) { return key.kid() == m_config.kid; });
        if (count > 1)
            m_view.raise("kid-twice", at("kid"), {m_config.kid, QByteArray::number(qlonglong(count))});
    }

    void key(const jose::Signer &signer)
    {
        const jose::Key &key = signer.key();
        const QByteArray bits = QByteArray::number(key.bits());
        const auto token = signer.sign("{}");
        if (!token) {
            const jose::SignError &error = token.error();
            const bool curve = error.kind == jose::SignError::CurveMismatch;
            Problem &problem = m_view.raise(curve                                           ? "key-curve"
                                            : error.kind == jose::SignError::MessageTooLong ? "rsa-too-short"
                                                                                            : "rsa-refused",
                                            at("alg"), {m_config.alg, m_config.kid, curve ? key.curve() : bits});
            problem.gateway = "ERROR [ENDPOINT: " + m_view.endpoint().route +
                              "][JWTSigner] Signing fields: unable to sign payload: " + jose::gatewayText(error);
            problem.effect = Problem::Refused;
            if (curve)
                for (const jose::Algorithm one : jose::allAlgorithms())
                    if (canSign(key, one))
                        m_view.set(problem, "alg", jose::name(one), edit::quotedBytes(jose::name(one)));
        } else if (key.type() == jose::KeyType::Rsa && key.bits() < weakRsaBits) {
            m_view.raise("rsa-weak", at("kid"), {m_config.kid, bits});
        }
        if (key.type() == jose::KeyType::Oct) {
            if (key.bits() == 0)
                m_view.raise("hmac-empty", at("kid"), {m_config.kid});
            else if (key.bits() < digitsOf(signer.algorithm()))
                m_view.raise("hmac-weak", at("kid"), {m_config.kid, bits, QByteArray::number(digitsOf(signer.algorithm())), m_config.alg});
        }
        if (!key.alg().isEmpty() && key.alg() != m_config.alg)
            m_view.raise("key-says-other", at("alg"), {m_config.kid, "alg", key.alg()});
        else if (!key.use().isEmpty() && key.use() != "sig")
            m_view.raise("key-says-other", at("kid"), {m_config.kid, "use", key.use()});
    }

    [[nodiscard]] QByteArray shownUrl() const { return twin::keyUrlForDisplay(m_view.endpoint()); }

    const SignerView &m_view;
    const SignerConfig &m_config;
    qint64 m_port;
};

} // namespace

void checkKeys(const Input &input, List &list)
{
    eachSigner(input, list, [&](const SignerView &view) {
        if (const SignerConfig *config = view.config())
            KeyRules(view, *config, input.service->port).check();
    });
}

} // namespace tokenlab::problems
