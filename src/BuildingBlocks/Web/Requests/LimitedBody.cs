using Microsoft.AspNetCore.Http;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The body of a request up to <see cref="WebLimits.BodyBytes"/>; whoever reads on is told that it is too large.</summary>
internal sealed class LimitedBody(Stream body, long? length) : ReadOnlyBody
{
    private long left = length > WebLimits.BodyBytes ? -1 : WebLimits.BodyBytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Before the client is asked to send any of it.
        if (left < 0)
            throw TooLarge();
        var read = await body.ReadAsync(buffer, cancellationToken);
        left -= read;
        return left < 0 ? throw TooLarge() : read;
    }

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);
}
