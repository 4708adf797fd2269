// Templates of the flexible configuration are rendered before a command begins.
#pragma once

#include "app/cli/session.h"

#include <functional>

namespace tokenlab::cli {

// The configuration that a command reads; empty: none.
template <class Options>
[[nodiscard]] QString configurationOf(const Options &options)
{
    if constexpr (requires { options.request.config; })
        return options.request.config;
    else if constexpr (requires { options.config; })
        return options.config;
    else
        return {};
}

// Calls go at once where the file is no template; else when it is rendered, or never: then the session has ended with a sentence.
void withRendered(const QString &configuration, Session &session, std::function<void()> go);

} // namespace tokenlab::cli
