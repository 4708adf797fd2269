#include "core/lab/checkmerge.h"

#include <algorithm>

namespace tokenlab::lab {

namespace {

using problems::Problem;

Problem &add(std::vector<Problem> &problems, const QByteArray &pointer, const QByteArray &text)
{
    Problem problem;
    problem.code = problems::findCode("krakend-check");
    problem.severity = problem.code ? problem.code->severity : problems::Severity::Warning;
    problem.pointer = pointer;
    problem.arguments = {text};
    problems.push_back(std::move(problem));
    return problems.back();
}

} // namespace

void mergeKrakendCheck(const CheckAnswer &answer, const json::SyntaxTree *document, std::vector<Problem> &problems)
{
    switch (answer.kind) {
    case CheckAnswer::Ok:
    case CheckAnswer::NotRun:
        return;
    case CheckAnswer::Lint:
        for (const LintViolation &violation : answer.violations) {
            bool told = false;
            for (Problem &problem : problems) {
                // `additional properties 'typ' not allowed` stands at the object, the rule's problem at the member.
                const bool own = problem.pointer == violation.pointer;
                const bool member =
                    problem.pointer.startsWith(violation.pointer + '/') &&
                    !problem.pointer.sliced(violation.pointer.size() + 1).contains('/') &&
                    violation.text.contains(
                        '\'' + problem.pointer.sliced(violation.pointer.size() + 1).replace("~1", "/").replace("~0", "~") + '\'');
                if (!own && !member)
                    continue;
                problem.lint = problem.lint || member || (document && document->find(problem.pointer) >= 0);
                told = told || problem.lint;
            }
            if (!told)
                add(problems, violation.pointer, violation.text).lint = true;
        }
        return;
    case CheckAnswer::Parse:
    case CheckAnswer::Routes:
    case CheckAnswer::Other:
        break;
    }
    const bool told = std::any_of(problems.begin(), problems.end(), [](const Problem &problem) {
        return problem.effect == Problem::NoStart || problem.effect == Problem::Crash;
    });
    if (told || (answer.kind == CheckAnswer::Other && answer.exitCode == 0))
        return;
    Problem &problem = add(problems, {}, answer.text.trimmed());
    problem.severity = problems::Severity::Error;
    problem.gateway = answer.text.trimmed();
    problem.effect = Problem::NoStart;
}

} // namespace tokenlab::lab
