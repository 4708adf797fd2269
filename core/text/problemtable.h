// The words of problems, a table a file; rows are looked up by the code's id.
#pragma once

#include <QCoreApplication>

#include <span>
#include <string_view>

namespace tokenlab::text {

struct ProblemText {
    std::string_view id;
    const char *message;     // %1, %2 … are the problem's arguments, made inert and not too long
    const char *explanation; // why, when, and what to do
};
#define PROBLEM_WORDS(text) QT_TRANSLATE_NOOP("Problems", text)

[[nodiscard]] std::span<const ProblemText> startTexts();  // problems_start.cpp: the gateway does not start
[[nodiscard]] std::span<const ProblemText> signerTexts(); // problems_signer.cpp: members of auth/signer
[[nodiscard]] std::span<const ProblemText> keyTexts();    // problems_keys.cpp: its keys, and TLS to the key host
[[nodiscard]] std::span<const ProblemText> ruleTexts();   // problems_rules.cpp: endpoints, payloads, validators, schema, secrets, versions

} // namespace tokenlab::text
