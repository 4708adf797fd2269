// Problems as check prints them: for people, for scripts, and as annotations of a GitHub workflow.
#pragma once

#include "core/json/syntaxtree.h"
#include "core/problems/problem.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tokenlab::cli {

struct ProblemReport {
    QString file;
    const QByteArray &source;
    const json::SyntaxTree *document = nullptr; // none: the text is no JSON
    qsizetype errorOffset = -1;                 // where it stops to be
    const std::vector<problems::Problem> &problems;
    QStringList fixed; // what --fix has done
};
[[nodiscard]] QByteArray problemsText(const ProblemReport &report);
[[nodiscard]] QByteArray problemsJson(const ProblemReport &report); // design §5
[[nodiscard]] QByteArray problemsForGithub(const ProblemReport &report);

[[nodiscard]] QByteArray catalogText(bool json);
[[nodiscard]] QByteArray explanationText(const problems::Code &code, bool json);

} // namespace tokenlab::cli
