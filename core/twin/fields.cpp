#include "core/twin/fields.h"

#include "core/json/writer.h"

#include <algorithm>

namespace tokenlab::twin {
namespace {

struct Signed {
    std::size_t member;
    QByteArray payload;
    std::size_t field;
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
            continue;
        }
        if (!found->value.isMap() || !signer) {
            field.kind = FieldOutcome::NotAnObject;
            field.found = found->value.type();
            continue;
        }
        QByteArray payload;
        payload.reserve(sizeHint);
        json::append(payload, found->value);
        auto token = signer->sign(payload);
        if (!token) {
            out.error = token.error();
            out.errorField = name;
            out.fields.pop_back();
            out.payloadText = json::write(data);
            return out;
        }
        field.kind = FieldOutcome::Signed;
        field.token = std::move(*token);
        done.push_back({index, std::move(payload), out.fields.size() - 1});
    }
    if (done.empty()) {
        out.body.reserve(sizeHint);
        json::append(out.body, data);
        out.payloadText = out.body;
        return out;
    }
    std::sort(done.begin(), done.end(), [](const Signed &a, const Signed &b) { return a.member < b.member; });

    out.body.reserve(sizeHint + sizeHint / 2 + 256);
    out.payloadText.reserve(sizeHint);
    out.body += '{';
    auto next = done.begin();
    qsizetype copied = 0; // of body, into payloadText
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (i)
            out.body += ',';
        json::appendString(out.body, members[i].name);
        out.body += ':';
        if (next == done.end() || next->member != i) {
            json::append(out.body, members[i].value);
            continue;
        }
        out.payloadText.append(out.body.constData() + copied, out.body.size() - copied);
        out.payloadText += next->payload;
        json::appendString(out.body, view(out.fields[next->field].token));
        copied = out.body.size();
        ++next;
    }
    out.body += '}';
    out.payloadText.append(out.body.constData() + copied, out.body.size() - copied);
    return out;
}

} // namespace tokenlab::twin
