#include "core/keys/survey.h"

#include "core/json/parse.h"
#include "core/keys/maker.h"

#include <QRegularExpression>

#include <map>

namespace tokenlab::keys {
namespace {

constexpr int weakRsaBits = 2048;
constexpr int leastRsaBits = 1024;
constexpr int leastSecretBits = 256;
constexpr quint64 usualExponent = 65537;

QByteArray typeText(const Entry &entry)
{
    if (!entry.key()) {
        const QByteArrayView json = entry.json().view();
        const auto document = json::parse(QByteArray::fromRawData(json.data(), json.size()));
        return document && document->root().isObject() ? document->root().find("kty").bytes().left(20) : QByteArray();
    }
    switch (entry.key()->type()) {
    case jose::KeyType::Oct:
        return "oct";
    case jose::KeyType::Rsa:
        return "RSA";
    case jose::KeyType::Ec:
        return "EC";
    case jose::KeyType::Ed25519:
        break;
    }
    return "OKP";
}

int wantedSecretBits(const QByteArray &alg)
{
    return alg == "HS512" ? 512 : alg == "HS384" ? 384 : leastSecretBits;
}

void judge(const Entry &entry, Row &row)
{
    const jose::Key &key = *entry.key();
    const auto find = [&](Warning warning, const QByteArray &detail = {}) { row.findings.push_back({warning, detail}); };
    if (key.type() == jose::KeyType::Oct) {
        const int wanted = wantedSecretBits(row.alg);
        if (key.bits() == 0)
            find(Warning::EmptySecret);
        else if (key.bits() < wanted)
            find(Warning::WeakSecret, QByteArray::number(wanted));
    }
    if (key.type() == jose::KeyType::Rsa) {
        if (key.bits() < leastRsaBits)
            find(Warning::UnusableRsa);
        else if (key.bits() < weakRsaBits)
            find(Warning::WeakRsa);
        quint64 exponent = 0;
        for (const char byte : jose::exponentOf(key).left(8))
            exponent = exponent << 8 | static_cast<unsigned char>(byte);
        if (exponent < usualExponent)
            find(Warning::SmallExponent, QByteArray::number(exponent));
    }
    if (!row.alg.isEmpty() && !fits(key, row.alg))
        find(Warning::OtherAlgorithm, row.alg);
    if (!row.use.isEmpty() && row.use != "sig")
        find(Warning::OtherUse, row.use);
}

} // namespace

QByteArray code(Warning warning)
{
    switch (warning) {
    case Warning::Refused:
        return "refused";
    case Warning::EmptySecret:
        return "empty-secret";
    case Warning::WeakSecret:
        return "weak-secret";
    case Warning::UnusableRsa:
        return "unusable-rsa";
    case Warning::WeakRsa:
        return "weak-rsa";
    case Warning::SmallExponent:
        return "small-exponent";
    case Warning::DuplicateKid:
        return "duplicate-kid";
    case Warning::MissingKid:
        return "missing-kid";
    case Warning::PrivateInPublic:
        return "private-in-public";
    case Warning::OtherAlgorithm:
        return "other-algorithm";
    case Warning::OtherUse:
        break;
    }
    return "other-use";
}

std::vector<Row> survey(const Entries &entries, bool isPublic)
{
    std::map<QByteArray, int> kids;
    for (const Entry &entry : entries) {
        ++kids[entry.labels().kid];
        isPublic = isPublic || (entry.key() && !entry.key()->isPrivate());
    }
    std::vector<Row> rows;
    for (const Entry &entry : entries) {
        Row row;
        row.kty = typeText(entry);
        row.kid = entry.labels().kid;
        row.alg = entry.labels().alg;
        row.use = entry.labels().use;
        row.isPrivate = entry.hasPrivateMembers();
        row.isSecret = row.kty == "oct";
        row.hasChain = entry.hasChain();
        if (entry.key()) {
            row.curve = entry.key()->curve();
            row.bits = entry.key()->bits();
            row.thumbprint = entry.key()->thumbprint();
            judge(entry, row);
        } else {
            row.findings.push_back({Warning::Refused, entry.refusal()->text});
        }
        if (row.kid.isEmpty())
            row.findings.push_back({Warning::MissingKid, {}});
        else if (kids[row.kid] > 1)
            row.findings.push_back({Warning::DuplicateKid, row.kid});
        if (isPublic && row.isPrivate)
            row.findings.push_back({Warning::PrivateInPublic, {}});
        rows.push_back(std::move(row));
    }
    return rows;
}

bool looksPublic(const QString &fileName)
{
    static const QRegularExpression shape(QStringLiteral("(^|/)\\.well-known/|(^|/)jwks\\.json$|(^|[/_.-])(public|pub)([_.-][^/]*)?$"),
                                          QRegularExpression::CaseInsensitiveOption);
    return shape.match(fileName).hasMatch();
}

} // namespace tokenlab::keys
