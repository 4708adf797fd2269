// Problems as check prints them: for people, for scripts, and as annotations of a GitHub workflow.
#pragma once

#include "app/cli/problemplace.h"
#include "core/problems/problem.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace tokenlab::cli {

struct ProblemReport {
    QString file;
    const Places &places;
    const std::vector<problems::Problem> &problems;
    QStringList fixed;     // what --fix has done
    bool rendered = false; // places are those of the text that a template was rendered to
    bool fixable = true;   // --fix could write the file back
    QString krakend;       // which one was asked too, and what it said; or why none was
    bool all = false;      // as text: every warning and hint, however many there are of one kind
};
[[nodiscard]] QByteArray problemsText(const ProblemReport &report);
[[nodiscard]] QByteArray problemsJson(const ProblemReport &report);                         // design §5
[[nodiscard]] QByteArray problemJson(const problems::Problem &problem, const Place &place); // one of them
[[nodiscard]] QByteArray problemsForGithub(const ProblemReport &report);

[[nodiscard]] QByteArray catalogText(bool json);
[[nodiscard]] QByteArray explanationText(const problems::Code &code, bool json);

} // namespace tokenlab::cli
