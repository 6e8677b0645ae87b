using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The key by which a caller makes a POST safe to send again.</summary>
internal static class IdempotencyKey
{
    /// <summary>Says on an answer that it is the one of an earlier request.</summary>
    public const string Replayed = "Idempotency-Replayed";

    public const string Header = "Idempotency-Key";

    private const int Most = 128;
    private const int ChunkBytes = 16 * 1024;

    private static readonly SearchValues<char> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>What a key must be.</summary>
    public static FieldConstraint Constraint { get; } = new() { MinLength = 1, MaxLength = Most, Pattern = "^[!-~]+$" };

    public static Error BadKey { get; } = RequestErrors.Invalid(new Dictionary<string, string[]> { [Header] = [$"Must be given once, as 1 to {Most} visible ASCII characters."] });

    /// <summary>This process has nowhere to store a key.</summary>
    public static Error NotStored { get; } = RequestErrors.Invalid(new Dictionary<string, string[]>
    {
        [Header] = ["Cannot be stored: no module of this process executes commands. Send the request without it."],
    });

    /// <summary>The caller's key; null where there is none, and for methods that are safe to repeat as they are.</summary>
    public static Result<string?> Read(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (header.Count == 0 || !HttpMethods.IsPost(request.Method))
            return (string?)null;
        return header.Count == 1 && header[0] is { Length: > 0 and <= Most } key && !key.AsSpan().ContainsAnyExcept(Visible) ? key : BadKey;
    }

    /// <summary>What tells whether another request with the key is the same: method, path and body. The body can be read again afterwards.</summary>
    public static async Task<byte[]> HashAsync(HttpRequest request)
    {
        request.EnableBuffering(WebLimits.BodyBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {(request.PathBase + request.Path).ToUriComponent()}\n"));
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
                hash.AppendData(chunk, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        request.Body.Position = 0;
        return hash.GetHashAndReset();
    }
}
