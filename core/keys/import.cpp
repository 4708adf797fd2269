#include "core/keys/import_p.h"

#include "core/json/parse.h"
#include "core/json/syntaxtree.h"

#include <algorithm>

namespace tokenlab::keys {
namespace {

constexpr qsizetype maxFile = 16 * 1024 * 1024;
constexpr std::size_t maxChain = 10;
constexpr int maxKeys = 20000; // of a set

bool holdsControls(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    });
}

bool beginsLikeJson(QByteArrayView text)
{
    const QByteArrayView trimmed = text.trimmed();
    return trimmed.startsWith('{') || trimmed.startsWith('[');
}

} // namespace

ImportError errorAt(ImportError::Kind kind, Form form, const Place &place, const QByteArray &detail)
{
    return {kind, form, place.block, place.line, place.label, detail};
}

ImportError errorOf(const crypto::KeyReadError &error, Form form, const Place &place)
{
    using Kind = crypto::KeyReadError;
    switch (error.kind) {
    case Kind::PassphraseNeeded:
        return errorAt(ImportError::PassphraseNeeded, form, place);
    case Kind::WrongPassphrase:
        return errorAt(ImportError::WrongPassphrase, form, place);
    case Kind::UnsupportedKey:
        return errorAt(ImportError::UnsupportedKey, form, place, error.detail);
    case Kind::UnsupportedCipher:
        return errorAt(ImportError::UnsupportedCipher, form, place, error.detail);
    case Kind::TooMuchWork:
        return errorAt(ImportError::TooMuchWork, form, place);
    case Kind::NotAPair:
        return errorAt(ImportError::NotAPair, form, place);
    case Kind::Malformed:
        break;
    }
    return errorAt(ImportError::Broken, form, place, error.detail);
}

void Collector::add(const jose::Key &key, Form form, const Place &place, const QByteArray &name)
{
    m_found.push_back({key, {}, {form, place.block, place.line, name}});
}

void Collector::add(Entry entry, Form form, const Place &place)
{
    m_found.push_back({{}, std::move(entry), {form, place.block, place.line, {}}});
}

void Collector::add(crypto::CertificateRead certificate, const Place &place)
{
    m_certificates.push_back({std::move(certificate), place});
}

Imported Collector::finish()
{
    std::vector<bool> used(m_certificates.size(), false);
    // A certificate with those above it, as far as they are here.
    const auto chainFrom = [&](std::size_t leaf) {
        std::vector<QByteArray> chain;
        for (std::size_t at = leaf; chain.size() < maxChain;) {
            used[at] = true;
            const crypto::CertificateRead &current = m_certificates[at].read;
            chain.push_back(current.der);
            if (current.subject == current.issuer)
                break;
            const auto above = std::find_if(m_certificates.begin(), m_certificates.end(), [&](const Certificate &other) {
                return !used[std::size_t(&other - m_certificates.data())] && other.read.subject == current.issuer;
            });
            if (above == m_certificates.end())
                break;
            at = std::size_t(above - m_certificates.begin());
        }
        return chain;
    };
    std::vector<std::optional<jose::Key>> certified;
    for (const Certificate &one : m_certificates) {
        const auto key = one.read.key ? jose::keyFrom(*one.read.key, {}) : Result<jose::Key, jose::KeySetError>(fail(jose::KeySetError()));
        certified.push_back(key ? std::optional(*key) : std::nullopt);
    }
    for (Found &found : m_found) {
        if (found.entry) {
            m_imported.entries.push_back(std::move(*found.entry));
            m_imported.sources.push_back(std::move(found.source));
            continue;
        }
        std::vector<QByteArray> chain;
        for (std::size_t i = 0; i < certified.size() && chain.empty(); ++i)
            if (!used[i] && certified[i] && found.key->type() != jose::KeyType::Oct && jose::sameKey(*certified[i], *found.key))
                chain = chainFrom(i);
        m_imported.entries.push_back(Entry::of(*found.key, chain));
        m_imported.sources.push_back(std::move(found.source));
    }
    // Certificates without their key: those that signed another one here are its chain.
    for (const bool leaves : {true, false})
        for (std::size_t i = 0; i < m_certificates.size(); ++i) {
            const Certificate &one = m_certificates[i];
            const bool signedAnother = std::any_of(m_certificates.begin(), m_certificates.end(), [&](const Certificate &other) {
                return &other != &one && other.read.issuer == one.read.subject && other.read.subject != one.read.subject;
            });
            if (used[i] || (leaves && signedAnother))
                continue;
            if (!certified[i] || signedAnother) {
                used[i] = true;
                skip(signedAnother ? errorAt(ImportError::NoKey, Form::Certificate, one.place, one.read.subjectText)
                                   : errorAt(ImportError::UnsupportedKey, Form::Certificate, one.place, one.read.unsupported));
                continue;
            }
            m_imported.entries.push_back(Entry::of(*certified[i], chainFrom(i)));
            m_imported.sources.push_back({Form::Certificate, one.place.block, one.place.line, one.read.subjectText});
        }
    return std::move(m_imported);
}

std::optional<ImportError> readJson(QByteArrayView text, Collector &into)
{
    // Not copied: it may hold secrets, and the tree does not outlive this call.
    const QByteArray source = QByteArray::fromRawData(text.data(), text.size());
    const auto tree = json::SyntaxTree::parse(source);
    if (!tree) {
        const json::Position at = json::positionOf(text, tree.error().offset);
        return errorAt(ImportError::Broken, Form::Jwk, {1, at.line, {}}, json::gatewayText(tree.error()));
    }
    // Counted on from the last one: they come in the order of the text.
    int line = 1;
    qsizetype counted = 0;
    const auto lineOf = [&](int node) {
        const qsizetype begin = tree->node(node).range.begin;
        line += int(std::count(text.begin() + counted, text.begin() + begin, '\n'));
        counted = begin;
        return line;
    };
    const auto add = [&](int node, Form form, int block) {
        const json::Range &range = tree->node(node).range;
        into.add(Entry::ofJson(text.sliced(range.begin, range.length())), form, {block, lineOf(node), {}});
    };
    const json::SyntaxTree::Node &root = tree->root();
    int list = root.type == json::Type::Array ? 0 : -1; // a bare list: its elements may be keys
    if (root.type == json::Type::Object) {
        const int keys = tree->find("/keys");
        if (keys < 0) {
            if (tree->find("/kty") < 0)
                return errorAt(ImportError::NoKey, Form::Jwk, {1, 1, {}}, "neither \"keys\" nor \"kty\"");
            add(0, Form::Jwk, 1);
            return {};
        }
        if (tree->node(keys).type != json::Type::Array)
            return errorAt(ImportError::NotAList, Form::JwkSet, {1, lineOf(keys), {}});
        list = keys;
    }
    if (list < 0)
        return errorAt(ImportError::NoKey, Form::Jwk, {1, 1, {}});
    int block = 0;
    for (const int child : tree->node(list).children) {
        if (++block > maxKeys)
            return errorAt(ImportError::TooMany, Form::JwkSet, {block, lineOf(child), {}});
        add(child, Form::JwkSet, block);
    }
    return {};
}

Result<Imported, ImportError> import(QByteArrayView file, const ImportOptions &options)
{
    if (file.isEmpty())
        return fail(ImportError{ImportError::Empty, Form::Unknown, 0, 0, {}, {}});
    if (file.size() > maxFile)
        return fail(ImportError{ImportError::TooLarge, Form::Unknown, 0, 0, {}, {}});
    Collector collector;
    if (options.secret) {
        const auto reading = readSecret(file, *options.secret);
        if (!reading)
            return fail(reading.error());
        collector.add(secretEntry(reading->secret), Form::Secret, {1, 1, {}});
        return collector.finish();
    }
    std::optional<ImportError> error;
    const crypto::DerShape shape = crypto::recogniseDer(file);
    const QByteArrayView text = file.startsWith("\xef\xbb\xbf") ? file.sliced(3) : file;
    if (shape != crypto::DerShape::None) {
        error = readDer(file, shape, {1, 0, {}}, options, collector);
    } else if (file.startsWith(QByteArrayView("openssh-key-v1\0", 15))) {
        error = readOpenSshPrivate(file, {1, 0, {}}, collector);
    } else if (holdsControls(text)) {
        return fail(ImportError{ImportError::NotRecognised, Form::Unknown, 0, 0, {}, {}});
    } else if (looksLikePem(text)) {
        error = readPem(text, options, collector);
    } else if (beginsLikeJson(text)) {
        error = readJson(text, collector);
    } else if (looksLikeOpenSshPublic(text)) {
        error = readOpenSshPublic(text, collector);
    } else {
        std::vector<Reading> readings = readingsOf(text);
        if (readings.empty()) {
            const auto kind = text.trimmed().isEmpty() ? ImportError::Empty : ImportError::NotRecognised;
            return fail(ImportError{kind, Form::Unknown, 0, 0, {}, {}});
        }
        if (readings.size() > 1) {
            Imported imported;
            imported.readings = std::move(readings);
            return imported;
        }
        collector.add(secretEntry(readings.front().secret), Form::Secret, {1, 1, {}});
    }
    if (error)
        return fail(*error);
    Imported imported = collector.finish();
    if (imported.entries.empty() && !beginsLikeJson(text)) {
        if (!imported.skipped.empty())
            return fail(imported.skipped.front());
        return fail(ImportError{ImportError::NoKey, Form::Unknown, 0, 0, {}, {}});
    }
    return imported;
}

} // namespace tokenlab::keys
