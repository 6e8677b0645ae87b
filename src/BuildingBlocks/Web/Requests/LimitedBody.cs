using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The body of a request up to <see cref="WebLimits.BodyBytes"/>; whoever reads on is told that it is too large.</summary>
internal sealed class LimitedBody(Stream body, long? length) : Stream
{
    private long left = length > WebLimits.BodyBytes ? -1 : WebLimits.BodyBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Before the client is asked to send any of it.
        if (left < 0)
            throw TooLarge();
        var read = await body.ReadAsync(buffer, cancellationToken);
        left -= read;
        return left < 0 ? throw TooLarge() : read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);
}
