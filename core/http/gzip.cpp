#include "core/http/message.h"

#include <zlib.h>

#include <algorithm>

namespace tokenlab::http {

namespace {

constexpr qsizetype Piece = 64 * 1024;
constexpr qsizetype SmallestHeader = 10; // read as a whole before it is looked at
constexpr int GzipWindow = 15 + 16;      // zlib's way to ask for the gzip wrapper

} // namespace

Result<QByteArray, GunzipError> gunzip(QByteArrayView data, qsizetype limit)
{
    if (data.isEmpty())
        return fail(GunzipError{.tooLarge = false, .produced = {}, .text = "EOF"});
    z_stream stream{};
    if (inflateInit2(&stream, GzipWindow) != Z_OK)
        return fail(GunzipError{.tooLarge = false, .produced = {}, .text = "gzip: out of memory"});
    QByteArray out;
    QByteArray piece(Piece, Qt::Uninitialized);
    qsizetype fed = 0; // zlib counts in 32 bits
    qsizetype memberStart = 0;
    GunzipError error;
    bool failed = false;
    const auto stop = [&](const char *text) {
        failed = true;
        error.text = text;
    };
    while (!failed) {
        if (stream.avail_in == 0 && fed < data.size()) {
            const qsizetype n = std::min<qsizetype>(data.size() - fed, 1 << 20);
            stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data.data() + fed));
            stream.avail_in = uInt(n);
            fed += n;
        }
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = uInt(piece.size());
        const int state = inflate(&stream, Z_NO_FLUSH);
        const qsizetype got = piece.size() - qsizetype(stream.avail_out);
        if (out.size() + got > limit) {
            error.tooLarge = true;
            stop("gzip: too large");
            break;
        }
        out.append(piece.constData(), got);
        if (state == Z_STREAM_END) {
            // Members may follow each other (RFC 1952 §2.2).
            memberStart = fed - qsizetype(stream.avail_in);
            if (memberStart == data.size())
                break;
            if (inflateReset(&stream) != Z_OK)
                stop("gzip: invalid header");
        } else if (state == Z_DATA_ERROR) {
            const bool atHeader = stream.msg && QByteArrayView(stream.msg).contains("header check");
            const bool atEnd =
                stream.msg && (QByteArrayView(stream.msg).contains("data check") || QByteArrayView(stream.msg).contains("length check"));
            if (atHeader || (stream.msg && QByteArrayView(stream.msg).contains("unknown compression method")))
                stop(data.size() - memberStart < SmallestHeader ? "unexpected EOF" : "gzip: invalid header");
            else if (atEnd)
                stop("gzip: invalid checksum");
            else
                stop("flate: corrupt input");
        } else if (state == Z_NEED_DICT || state == Z_MEM_ERROR || state == Z_STREAM_ERROR) {
            stop("gzip: invalid header");
        } else if (got == 0 && stream.avail_in == 0 && fed == data.size()) {
            stop("unexpected EOF");
        }
    }
    inflateEnd(&stream);
    if (!failed)
        return out;
    error.produced = std::move(out);
    return fail(std::move(error));
}

QByteArray gzip(QByteArrayView data)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    QByteArray out;
    QByteArray piece(Piece, Qt::Uninitialized);
    qsizetype fed = 0;
    int state = Z_OK;
    while (state == Z_OK) {
        if (stream.avail_in == 0 && fed < data.size()) {
            const qsizetype n = std::min<qsizetype>(data.size() - fed, 1 << 20);
            stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(data.data() + fed));
            stream.avail_in = uInt(n);
            fed += n;
        }
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = uInt(piece.size());
        state = deflate(&stream, fed == data.size() ? Z_FINISH : Z_NO_FLUSH);
        out.append(piece.constData(), piece.size() - qsizetype(stream.avail_out));
    }
    deflateEnd(&stream);
    return out;
}

} // namespace tokenlab::http
