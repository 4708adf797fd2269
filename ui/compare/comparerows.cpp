#include "ui/compare/comparerows.h"

#include "core/gateway/edit.h"
#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "core/support/difference.h"
#include "core/support/url.h"
#include "core/text/comparison.h"
#include "core/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenlab::ui {

namespace {

struct Compare {
    Q_DECLARE_TR_FUNCTIONS(Compare)
};

constexpr qsizetype longestValue = 4000; // of a cell; bodies have a view of their own

QByteArray shortened(const QByteArray &text)
{
    return text.size() <= longestValue ? text : text.first(longestValue) + "…";
}

class Rows
{
public:
    explicit Rows(const lab::CompareResult &result) : m_result(result) {}

    std::vector<CompareRow> all()
    {
        for (const twin::Difference &difference : m_result.comparison.differences)
            add(CompareRow::Differs, text::place(difference), difference.lab, difference.gateway);
        for (const twin::Difference &difference : m_result.comparison.tolerated)
            add(CompareRow::Tolerated, text::place(difference), difference.lab, difference.gateway);
        if (m_result.gateway.start != twin::Observed::Listens || m_result.lab.verdict == twin::Verdict::DoesNotStart) {
            if (m_result.comparison.equal())
                add(CompareRow::Same, Compare::tr("Start"), m_result.lab.startError, m_result.gateway.startText);
            return std::move(m_rows);
        }
        answer();
        tokens();
        log();
        for (std::size_t i = 0; i < m_result.gateway.backends.size(); ++i)
            received(i);
        std::stable_sort(m_rows.begin(), m_rows.end(), [](const CompareRow &a, const CompareRow &b) {
            const auto rank = [](const CompareRow &row) { return std::min(int(row.mark), int(CompareRow::Verified)); };
            return rank(a) < rank(b);
        });
        return std::move(m_rows);
    }

private:
    void add(CompareRow::Mark mark, const QString &what, const QByteArray &lab, const QByteArray &gateway)
    {
        m_rows.push_back({mark, what, shortened(lab), shortened(gateway)});
    }
    void same(const QString &what, const QByteArray &value) { add(CompareRow::Same, what, value, value); }
    template <class Of>
    [[nodiscard]] bool differs(Of of) const
    {
        const auto &list = m_result.comparison.differences;
        return std::any_of(list.begin(), list.end(), of);
    }

    void answer()
    {
        const twin::Response &mine = m_result.lab.response, &its = m_result.gateway.response;
        if (!m_result.gateway.answered)
            return;
        if (mine.status == its.status)
            same(Compare::tr("Status"), QByteArray::number(mine.status));
        QByteArrayList told;
        for (const http::Header &header : mine.headers) {
            const QByteArray name = http::canonicalHeaderName(header.name);
            if (mine.headers.all(name) != its.headers.all(name) || told.contains(name))
                continue;
            told << name;
            for (const QByteArray &value : mine.headers.all(name))
                same(Compare::tr("Header %1").arg(text::inert(name)), value);
        }
        using Difference = twin::Difference;
        const bool bodyDiffers = differs([](const Difference &d) {
            return d.place == Difference::Body || d.place == Difference::BodyMember || d.place == Difference::TokenHeader ||
                   d.place == Difference::TokenPayload || d.place == Difference::TokenSignature;
        });
        if (!bodyDiffers) {
            const bool equal = mine.body == its.body;
            const auto bytes = [](const QByteArray &body) { return Compare::tr("%1 bytes").arg(body.size()).toUtf8(); };
            add(equal ? CompareRow::Same : CompareRow::Verified, Compare::tr("Body"), bytes(mine.body),
                equal ? Compare::tr("the same %1 bytes").arg(its.body.size()).toUtf8() : bytes(its.body));
        }
    }

    // Tokens whose claims are rows already, because they differ, are not told twice.
    void tokens()
    {
        const auto gatewayBody = json::parse(m_result.gateway.response.body);
        const auto &verified = m_result.comparison.verified;
        for (const twin::FieldOutcome &field : m_result.lab.fields) {
            if (field.kind != twin::FieldOutcome::Signed || !m_result.gateway.answered || !gatewayBody)
                continue;
            const QByteArray pointer = '/' + QByteArray(field.name).replace('~', "~0").replace('/', "~1");
            if (differs([&](const twin::Difference &d) {
                    return d.name == pointer && d.place != twin::Difference::Header && d.place != twin::Difference::Sent;
                }))
                continue;
            const json::Value its = gatewayBody->root().find(std::string_view(field.name.constData(), std::size_t(field.name.size())));
            if (!its.isString())
                continue;
            const bool checked = std::find(verified.begin(), verified.end(), pointer) != verified.end();
            const jose::DecodedToken a = jose::decodeToken(field.token), b = jose::decodeToken(its.bytes());
            const QString name = text::inert(field.name);
            same(Compare::tr("Token %1, header").arg(name), a.headerText);
            add(a.payloadText == b.payloadText ? CompareRow::Same : CompareRow::Tolerated, Compare::tr("Token %1, payload").arg(name),
                a.payloadText, b.payloadText);
            if (checked)
                add(CompareRow::Verified, Compare::tr("Token %1, signature").arg(name), a.signaturePart,
                    Compare::tr("another one, and good: verified with the lab's key").toUtf8());
            else
                same(Compare::tr("Token %1, signature").arg(name), a.signaturePart);
        }
    }

    void log()
    {
        if (!m_result.gateway.logKnown)
            return;
        const auto &its = m_result.gateway.log;
        for (const QByteArray &line : m_result.lab.log) {
            if (std::find(its.begin(), its.end(), line) != its.end())
                same(Compare::tr("Log"), line);
        }
        if (its.empty() && m_result.lab.log.empty())
            same(Compare::tr("Log"), Compare::tr("no error and no warning of this endpoint").toUtf8());
    }

    void received(std::size_t index)
    {
        const twin::BackendSeen &seen = m_result.gateway.backends[index];
        if (!seen.watched || seen.requests.empty() || index >= m_result.lab.backends.size() || !m_result.lab.backends[index].reply)
            return;
        const http::Request &mine = m_result.lab.backends[index].sent;
        const twin::SeenRequest &its = seen.requests.front();
        const QString who = Compare::tr("Received by backend %1").arg(index + 1);
        const auto url = Url::parse(mine.url);
        const QByteArray target = url ? url->target() : mine.url;
        if (mine.method == its.method && target == its.target)
            same(Compare::tr("%1, request").arg(who), mine.method + ' ' + target);
        for (const http::Header &header : its.headers) {
            const QByteArray name = http::canonicalHeaderName(header.name);
            if (name != "Host" && mine.headers.all(name) == its.headers.all(name))
                same(Compare::tr("%1, header %2").arg(who, text::inert(name)), header.value);
        }
        if (mine.body == its.body)
            same(Compare::tr("%1, body").arg(who), mine.body);
    }

    const lab::CompareResult &m_result;
    std::vector<CompareRow> m_rows;
};

bool continues(char byte)
{
    return (uchar(byte) & 0xc0) == 0x80;
}

QByteArray laidOut(const QByteArray &body)
{
    return json::parse(body) ? gateway::edit::prettyLossless(body) : body;
}

// Where each line of the text begins, and the end.
std::vector<qsizetype> lineBegins(const QByteArray &text)
{
    std::vector<qsizetype> begins{0};
    for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
        begins.push_back(at + 1);
    if (begins.back() != text.size())
        begins.push_back(text.size());
    return begins;
}

} // namespace

std::vector<CompareRow> rowsOf(const lab::CompareResult &result)
{
    return Rows(result).all();
}

QString markName(CompareRow::Mark mark)
{
    switch (mark) {
    case CompareRow::Differs:
        return Compare::tr("differs");
    case CompareRow::Tolerated:
        return Compare::tr("may differ");
    case CompareRow::Verified:
        return Compare::tr("verified");
    case CompareRow::Same:
        break;
    }
    return Compare::tr("the same");
}

std::pair<Span, Span> differingSpans(QByteArrayView a, QByteArrayView b)
{
    const qsizetype shorter = std::min(a.size(), b.size());
    qsizetype front = 0, back = 0;
    while (front < shorter && a[front] == b[front])
        ++front;
    while (back < shorter - front && a[a.size() - 1 - back] == b[b.size() - 1 - back])
        ++back;
    // Not through the middle of a character.
    while (front > 0 && ((front < a.size() && continues(a[front])) || (front < b.size() && continues(b[front]))))
        --front;
    while (back > 0 && (continues(a[a.size() - back]) || continues(b[b.size() - back])))
        --back;
    return {{front, a.size() - front - back}, {front, b.size() - front - back}};
}

BodyPair bodyPair(const QByteArray &lab, const QByteArray &gateway)
{
    BodyPair pair{laidOut(lab), laidOut(gateway), {}, {}};
    const auto mine = lineBegins(pair.lab), its = lineBegins(pair.gateway);
    const auto line = [](const std::vector<qsizetype> &begins, qsizetype at) {
        const qsizetype begin = begins[std::size_t(at)];
        return Span{begin, begins[std::size_t(at + 1)] - begin};
    };
    for (const Hunk &hunk : difference(pair.lab, pair.gateway, 0).hunks) {
        for (qsizetype i = 0; i < std::max(hunk.oldCount, hunk.newCount); ++i) {
            const bool a = i < hunk.oldCount && hunk.oldBegin + i + 1 < qsizetype(mine.size());
            const bool b = i < hunk.newCount && hunk.newBegin + i + 1 < qsizetype(its.size());
            Span left = a ? line(mine, hunk.oldBegin + i) : Span();
            Span right = b ? line(its, hunk.newBegin + i) : Span();
            if (a && b) {
                const auto [x, y] = differingSpans(QByteArrayView(pair.lab).sliced(left.begin, left.length),
                                                   QByteArrayView(pair.gateway).sliced(right.begin, right.length));
                left = {left.begin + x.begin, x.length};
                right = {right.begin + y.begin, y.length};
            }
            if (a)
                pair.labSpans.push_back(left);
            if (b)
                pair.gatewaySpans.push_back(right);
        }
    }
    return pair;
}

} // namespace tokenlab::ui
