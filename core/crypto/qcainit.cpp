#include "core/crypto/qcainit.h"

#include <QCoreApplication>
#include <QString>
#include <QtCrypto>

#include <mutex>

namespace tokenlab::crypto {

void initialiseQca()
{
    static std::once_flag once;
    std::call_once(once, [] {
        const QString plugins = QStringLiteral(TOKENLAB_QCA_PLUGIN_PATH);
        if (!plugins.isEmpty())
            QCoreApplication::addLibraryPath(plugins);
        QCA::init();
        // QCA counts its users and stops itself with the application object; this second count keeps its memory valid after that.
        QCA::init();
    });
}

Result<void, CryptoError> requireQca(const char *features)
{
    initialiseQca();
    if (QCA::isSupported(features))
        return {};
    return fail(CryptoError{QByteArray("no QCA plugin offers ") + features + " (is the qca-ossl plugin installed?)"});
}

} // namespace tokenlab::crypto
