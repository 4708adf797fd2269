// The trace in the making: steps in the order of the stages, and what was never reached as skipped.
#pragma once

#include "core/twin/outcome.h"

namespace tokenlab::twin {

class Trace
{
public:
    explicit Trace(std::vector<TraceStep> &steps) : m_steps(steps) { m_steps.reserve(12); }
    TraceStep &ok(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &detail = {});
    TraceStep &failed(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &gatewayText,
                      const QByteArray &detail = {});
    TraceStep &warning(Stage stage, const QByteArray &rule, const QByteArray &pointer, const QByteArray &detail);
    // Every stage that has no step yet.
    void skipRest();

private:
    TraceStep &add(Stage stage, StepState state, const QByteArray &rule, const QByteArray &pointer);
    std::vector<TraceStep> &m_steps;
};

[[nodiscard]] QByteArray pointerTo(const QByteArray &base, const QByteArray &member);

} // namespace tokenlab::twin
