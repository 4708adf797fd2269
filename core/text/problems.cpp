#include "core/text/problems.h"

#include "core/text/problems_rules.h"
#include "core/text/problemtable.h"
#include "core/text/text.h"

namespace tokenlab::text {

namespace {

const ProblemText *find(std::string_view id)
{
    for (const std::span<const ProblemText> table : {startTexts(), signerTexts(), keyTexts()})
        for (const ProblemText &row : table)
            if (row.id == id)
                return &row;
    return nullptr;
}

// In one pass, so that an argument's own `%1` stays as it is.
QString filled(const QString &pattern, const std::vector<QByteArray> &arguments)
{
    QString out;
    out.reserve(pattern.size());
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const ushort next = i + 1 < pattern.size() ? pattern[i + 1].unicode() : ushort(0);
        if (pattern[i] == QLatin1Char('%') && next >= '1' && next <= '9') {
            const std::size_t index = next - '1';
            if (index < arguments.size())
                out += inert(arguments[index]);
            ++i;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

} // namespace

QString message(const problems::Problem &problem)
{
    if (!problem.code)
        return {};
    if (const ProblemText *row = find(problem.code->id))
        return filled(QCoreApplication::translate("Problems", row->message), problem.arguments);
    return ruleMessage(problem).value_or(QString::fromUtf8(problem.code->id.data(), qsizetype(problem.code->id.size())));
}

QString label(const problems::Fix &fix, const problems::Problem &)
{
    return ruleLabel(fix);
}

QString explanation(const problems::Code &code)
{
    if (const ProblemText *row = find(code.id))
        return QCoreApplication::translate("Problems", row->explanation);
    return ruleExplanation(code).value_or(QString());
}

} // namespace tokenlab::text
