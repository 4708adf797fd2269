// What is wrong, risky or lost in a gateway file, as values: core/text makes the sentences. Design §2, §5 (`check`).
#pragma once

#include "core/gateway/edit.h"

#include <QByteArray>

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tokenlab::problems {

enum class Severity { Error, Warning, Hint };
[[nodiscard]] QByteArray name(Severity severity); // `error`, `warning`, `hint`

// One kind of problem. Codes are stable, lower-case words: `url-insecure`. The whole list is in catalog.cpp.
struct Code {
    std::string_view id;
    Severity severity;     // as it is raised unless the rule says otherwise
    bool offline;          // can be decided from the file alone
    std::string_view rule; // of the specification: `§1.5`
};
[[nodiscard]] std::span<const Code> catalog();
[[nodiscard]] const Code *findCode(std::string_view id);

struct Fix {
    QByteArray kind;                   // for the sentence: `set`, `remove`, `rename`, `convert`, `add`
    std::vector<QByteArray> arguments; // member, value…: for the sentence
    gateway::edit::Edit edit;          // over the document as it was checked
    bool safe = false;                 // `check --fix` applies it: it changes nothing but what is plainly wrong
};

struct Problem {
    const Code *code = nullptr;
    Severity severity = Severity::Warning;
    QByteArray pointer;                // RFC 6901, in the document
    std::vector<QByteArray> arguments; // what the sentence names: values, members, files (never secrets)
    QByteArray gateway;                // what the gateway would log or say at start-up, whole line; empty: nothing
    enum Effect { None, NoStart, Crash, SignerOff, ValidatorOff, Refused } effect = None; // what the gateway does because of it
    bool lint = false;                                                                    // the official schema objects too
    std::vector<Fix> fixes;                                                               // the best first
    std::size_t endpoint = npos;                                                          // index, when it is about one
    static constexpr std::size_t npos = std::size_t(-1);
};

} // namespace tokenlab::problems
