#include "core/twin/fields.h"

#include "core/json/writer.h"

#include <algorithm>

namespace tokenlab::twin {
namespace {

// A member that is signed, and where its payload stands in the text before signing.
struct Signed {
    std::size_t member;
    std::size_t field;
    qsizetype begin = 0;
    qsizetype end = 0;
};

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

} // namespace

SignedBody signFields(json::Value data, const std::vector<QByteArray> &keysToSign, const jose::Signer *signer, qsizetype sizeHint)
{
    SignedBody out;
    if (data.isNilMap() || !data.isObject()) {
        for (const QByteArray &name : keysToSign)
            out.fields.push_back({name, FieldOutcome::Missing, {}, json::Type::Null});
        out.body = json::write(data);
        out.payloadText = out.body;
        return out;
    }
    const auto members = data.members();
    std::vector<Signed> done;
    out.fields.reserve(keysToSign.size());
    for (const QByteArray &name : keysToSign) {
        FieldOutcome &field = out.fields.emplace_back();
        field.name = name;
        const auto found = std::lower_bound(members.begin(), members.end(), view(name),
                                            [](const json::Member &member, std::string_view key) { return member.name < key; });
        if (found == members.end() || found->name != view(name))
            continue;
        const auto index = std::size_t(found - members.begin());
        if (std::any_of(done.begin(), done.end(), [index](const Signed &s) { return s.member == index; })) {
            field.kind = FieldOutcome::AlreadySigned;
        } else if (!found->value.isMap() || !signer) {
            field.kind = FieldOutcome::NotAnObject;
            field.found = found->value.type();
        } else {
            field.kind = FieldOutcome::Signed;
            done.push_back({index, out.fields.size() - 1});
        }
    }
    // The first of the configuration, not of the text: a key that cannot sign fails there.
    const std::size_t firstSigned = done.empty() ? 0 : done.front().field;
    std::sort(done.begin(), done.end(), [](const Signed &a, const Signed &b) { return a.member < b.member; });

    QByteArray &text = out.payloadText;
    text.reserve(sizeHint);
    text += '{';
    auto next = done.begin();
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i)
            text += ',';
        json::appendString(text, members[i].name);
        text += ':';
        const qsizetype begin = text.size();
        json::append(text, members[i].value);
        if (next == done.end() || next->member != i)
            continue;
        next->begin = begin;
        next->end = text.size();
        ++next;
    }
    text += '}';
    if (done.empty()) {
        out.body = text;
        return out;
    }

    qsizetype size = text.size();
    for (const Signed &one : done) {
        auto token = signer->sign(QByteArrayView(text).sliced(one.begin, one.end - one.begin));
        if (!token) {
            out.error = token.error();
            out.errorField = out.fields[firstSigned].name;
            out.fields.resize(firstSigned);
            return out;
        }
        QByteArray &kept = out.fields[one.field].token;
        kept = std::move(*token);
        size += kept.size() + 32 - (one.end - one.begin);
    }
    out.body.reserve(size);
    qsizetype copied = 0; // of the text
    for (const Signed &one : done) {
        out.body.append(text.constData() + copied, one.begin - copied);
        json::appendString(out.body, view(out.fields[one.field].token));
        copied = one.end;
    }
    out.body.append(text.constData() + copied, text.size() - copied);
    return out;
}

} // namespace tokenlab::twin
