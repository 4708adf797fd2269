// The choice of a signer's algorithm: those the gateway knows, by family, and the file's own where it knows none of that name. The list
// says what key each needs; the closed box only its name.
#pragma once

#include "core/jose/jws.h"
#include "ui/widgets/elidedbox.h"

namespace tokenlab::ui {

class AlgorithmBox : public ElidedBox
{
    Q_OBJECT
public:
    explicit AlgorithmBox(QWidget *parent = nullptr);
    void choose(const QString &alg); // as it stands in the file; "": it has none
};

// `an RSA private key`
[[nodiscard]] QString neededKey(jose::Algorithm algorithm);

} // namespace tokenlab::ui
