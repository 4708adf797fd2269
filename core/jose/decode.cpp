// Taking a pasted token apart: as far as it goes, with a note for everything that was not as it should be.
#include "core/jose/base64.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "core/support/hex.h"

namespace tokenlab::jose {
namespace {

using Note = DecodedToken::Note;

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

QByteArray percentDecoded(QByteArrayView text)
{
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = high >= 0 ? hexValue(text[i + 2]) : -1;
        if (low >= 0) {
            out += char(high * 16 + low);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool dropPrefix(QByteArrayView &text, QByteArrayView prefix)
{
    if (text.size() <= prefix.size() || text.first(prefix.size()).compare(prefix, Qt::CaseInsensitive) != 0)
        return false;
    text = text.sliced(prefix.size());
    return true;
}

class TokenDecoder
{
public:
    DecodedToken run(QByteArrayView text)
    {
        const QByteArray token = unwrapped(text);
        if (token.isEmpty())
            return std::move(m_result);
        if (token.startsWith('{'))
            readJsonForm(token);
        else
            readCompact(token);
        return std::move(m_result);
    }

private:
    void note(Note::Kind kind, const QByteArray &detail = {}) { m_result.notes.push_back({kind, detail}); }

    void noteOnce(Note::Kind kind)
    {
        for (const Note &existing : m_result.notes)
            if (existing.kind == kind)
                return;
        note(kind);
    }

    // Takes off what clipboards, headers and JSON put around a token. Each round makes the text shorter; a few are enough for anything
    // that people paste (a quoted header inside a URL), and a bound keeps a hostile text cheap.
    QByteArray unwrapped(QByteArrayView given)
    {
        QByteArray text = given.toByteArray();
        for (int round = 0; round < 8; ++round) {
            QByteArrayView view = QByteArrayView(text).trimmed();
            if (view.size() != text.size())
                noteOnce(Note::WhitespaceStripped);
            const bool named = dropPrefix(view, "Authorization:");
            view = view.trimmed();
            if (view.size() > 7 && isSpace(view[6]) && dropPrefix(view, "Bearer")) {
                noteOnce(Note::BearerStripped);
                view = view.trimmed();
            } else if (named) {
                noteOnce(Note::BearerStripped);
            }
            const bool quoted = view.size() >= 2 && view.front() == view.back() && (view.front() == '"' || view.front() == '\'');
            if (quoted) {
                noteOnce(Note::QuotesStripped);
                text = unquoted(view);
                continue;
            }
            if (view.startsWith("%7B") || view.startsWith("%7b") || (!view.startsWith('{') && view.contains('%'))) {
                QByteArray decoded = percentDecoded(view);
                if (decoded.size() != view.size()) {
                    noteOnce(Note::UrlDecoded);
                    text = std::move(decoded);
                    continue;
                }
            }
            text = view.toByteArray();
            break;
        }
        if (!text.startsWith('{'))
            dropInnerSpace(text);
        return text;
    }

    static QByteArray unquoted(QByteArrayView quoted)
    {
        if (quoted.front() == '"')
            if (const auto document = json::parse(quoted.toByteArray()))
                return document->root().bytes();
        return quoted.sliced(1, quoted.size() - 2).toByteArray();
    }

    // Line breaks of mails and terminals.
    void dropInnerSpace(QByteArray &text)
    {
        const qsizetype before = text.size();
        text.removeIf(isSpace);
        if (text.size() != before)
            noteOnce(Note::WhitespaceStripped);
    }

    void readCompact(const QByteArray &token)
    {
        const qsizetype firstDot = token.indexOf('.');
        const qsizetype secondDot = firstDot < 0 ? -1 : token.indexOf('.', firstDot + 1);
        m_result.form = DecodedToken::Compact;
        m_result.protectedPart = firstDot < 0 ? token : token.first(firstDot);
        if (firstDot >= 0)
            m_result.payloadPart = token.mid(firstDot + 1, secondDot < 0 ? -1 : secondDot - firstDot - 1);
        if (secondDot >= 0)
            m_result.signaturePart = token.sliced(secondDot + 1);
        if (m_result.signaturePart.contains('.')) {
            note(Note::TooManyParts, QByteArray::number(token.count('.') + 1));
            m_result.signaturePart.truncate(m_result.signaturePart.indexOf('.'));
        }
        readHeader();
        if (firstDot < 0 && !m_result.header.root().isObject()) {
            // Neither parts nor a header: no token at all.
            DecodedToken none;
            none.notes = std::move(m_result.notes);
            m_result = std::move(none);
            return;
        }
        if (firstDot < 0)
            note(Note::MissingPart, "payload");
        else
            readPayload();
        if (secondDot < 0)
            note(Note::MissingPart, "signature");
        else
            readSignature();
    }

    void readJsonForm(const QByteArray &token)
    {
        const json::Document document = parseNoting(token, "token");
        const json::Value root = document.root();
        if (!root.isObject())
            return;
        m_result.form = DecodedToken::Flattened;
        m_result.payloadPart = member(root, "payload");
        json::Value signer = root;
        if (const json::Value signatures = root.find("signatures"); signatures.isArray()) {
            // The general form: the first signature stands for all.
            if (signatures.size() > 1)
                note(Note::TooManyParts, QByteArray::number(qsizetype(signatures.size())) + " signatures");
            signer = signatures.at(0);
        }
        m_result.protectedPart = member(signer, "protected");
        m_result.signaturePart = member(signer, "signature");
        if (signer.find("header").exists())
            note(Note::UnprotectedHeader, "header");
        if (m_result.protectedPart.isEmpty())
            note(Note::MissingPart, "protected");
        else
            readHeader();
        if (!root.find("payload").exists())
            note(Note::MissingPart, "payload");
        else
            readPayload();
        if (!signer.find("signature").exists())
            note(Note::MissingPart, "signature");
        else
            readSignature();
    }

    static QByteArray member(json::Value object, std::string_view name)
    {
        const json::Value value = object.find(name);
        return value.isString() ? value.bytes() : QByteArray();
    }

    void readHeader()
    {
        m_result.headerText = decodePart(m_result.protectedPart, "header");
        m_result.header = parseNoting(m_result.headerText, "header");
        const json::Value alg = m_result.header.root().find("alg");
        if (alg.isString() && alg.bytes().compare("none", Qt::CaseInsensitive) == 0)
            note(Note::AlgNone, alg.bytes());
    }

    void readPayload()
    {
        m_result.payloadText = decodePart(m_result.payloadPart, "payload");
        m_result.payload = parseNoting(m_result.payloadText, "payload");
        if (m_result.payload.root().exists() && !m_result.payload.root().isObject())
            note(Note::PayloadNotObject);
    }

    void readSignature()
    {
        if (m_result.signaturePart.isEmpty())
            note(Note::EmptySignature);
        m_result.signature = decodePart(m_result.signaturePart, "signature");
    }

    QByteArray decodePart(const QByteArray &part, const QByteArray &name)
    {
        const PartialBase64 decoded = decodeBase64RawUrlPartially(part);
        if (decoded.errorAt >= 0) {
            note(Note::BadBase64, name + ':' + QByteArray::number(decoded.errorAt));
            return decoded.bytes;
        }
        if (!decodeBase64RawUrlStrict(part))
            note(Note::NonCanonicalBase64, name);
        return decoded.bytes;
    }

    json::Document parseNoting(const QByteArray &text, const QByteArray &name)
    {
        auto document = json::parse(text, json::Policy::joseFork());
        if (document)
            return *document;
        if (document.error().kind == json::SyntaxError::DuplicateMember) {
            note(Note::DuplicateMember, name + ':' + document.error().context);
            document = json::parse(text, json::Policy::standard());
            if (document)
                return *document;
        }
        note(Note::NotJson, name);
        return {};
    }

    DecodedToken m_result;
};

} // namespace

DecodedToken decodeToken(QByteArrayView text)
{
    return TokenDecoder().run(text);
}

} // namespace tokenlab::jose
