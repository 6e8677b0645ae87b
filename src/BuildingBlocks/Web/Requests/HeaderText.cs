using System.Text;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>
/// Decodes request headers as UTF-8. A byte that is not UTF-8 is read as Latin-1, which browsers and many libraries send.
/// </summary>
/// <remarks>
/// By default the server refuses a header that is not UTF-8, with a bare status. With this encoding every header reaches the application,
/// whose error names the header. The server still refuses a NUL.
/// </remarks>
internal static class HeaderText
{
    public static Encoding Encoding { get; } =
        Encoding.GetEncoding(Encoding.UTF8.WebName, EncoderFallback.ExceptionFallback, new Latin1Fallback());

    private sealed class Latin1Fallback : DecoderFallback
    {
        public override int MaxCharCount => 1;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Latin1Buffer();
    }

    private sealed class Latin1Buffer : DecoderFallbackBuffer
    {
        private byte[] bytes = [];
        private int next;

        public override int Remaining => bytes.Length - next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            (bytes, next) = (bytesUnknown, 0);
            return bytes.Length > 0;
        }

        public override char GetNextChar() => next < bytes.Length ? (char)bytes[next++] : '\0';

        public override bool MovePrevious()
        {
            if (next == 0)
                return false;
            next--;
            return true;
        }

        public override void Reset() => (bytes, next) = ([], 0);
    }
}
