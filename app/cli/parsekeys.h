// The arguments of `keys`: a command with commands of its own.
#pragma once

#include "app/cli/options.h"

#include <memory>

namespace CLI {
class App;
}

namespace tokenlab::cli {

class KeysArguments
{
public:
    explicit KeysArguments(CLI::App &program);
    ~KeysArguments();
    KeysArguments(const KeysArguments &) = delete;
    KeysArguments &operator=(const KeysArguments &) = delete;

    [[nodiscard]] const CLI::App *command() const { return m_command; }
    // After the arguments were parsed. None: no command of keys was named.
    [[nodiscard]] std::optional<KeysOptions> options() const;

private:
    struct Texts;
    std::unique_ptr<Texts> m_texts;
    CLI::App *m_command = nullptr;
};

} // namespace tokenlab::cli
