using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Web.Limits;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The body of a request, up to <see cref="RequestLimits.BodyBytes"/>. A read beyond that is refused with 413.</summary>
internal sealed class LimitedBody(Stream body, long? length) : ReadOnlyBody
{
    private long left = length > RequestLimits.BodyBytes ? -1 : RequestLimits.BodyBytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Reading would make the server send 100 Continue.
        if (left < 0)
            throw TooLarge();
        var read = await body.ReadAsync(buffer, cancellationToken);
        left -= read;
        return left < 0 ? throw TooLarge() : read;
    }

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);
}
