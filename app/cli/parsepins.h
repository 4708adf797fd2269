// The arguments of `pins`.
#pragma once

#include "app/cli/options.h"

#include <memory>

namespace CLI {
class App;
}

namespace tokenlab::cli {

class PinsArguments
{
public:
    explicit PinsArguments(CLI::App &program);
    ~PinsArguments();
    PinsArguments(const PinsArguments &) = delete;
    PinsArguments &operator=(const PinsArguments &) = delete;

    [[nodiscard]] const CLI::App *command() const { return m_command; }
    [[nodiscard]] PinsOptions options() const; // after the arguments were parsed

private:
    struct Texts;
    std::unique_ptr<Texts> m_texts;
    CLI::App *m_command = nullptr;
};

} // namespace tokenlab::cli
