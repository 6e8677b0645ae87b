using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Web.Limits;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Reads the idempotency key, which makes a POST safe to send again.</summary>
internal static class IdempotencyKey
{
    /// <summary>In a response: it is the stored one of an earlier request.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    public const string Header = "Idempotency-Key";

    private const int MaxLength = 128;
    private const int ChunkBytes = 16 * 1024;

    private static readonly SearchValues<char> VisibleAscii =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    public static FieldConstraint Constraint { get; } = new() { MinLength = 1, MaxLength = MaxLength, Pattern = "^[!-~]+$" };

    public static Error InvalidKey { get; } = RequestErrors.Invalid(new Dictionary<string, string[]>
    {
        [Header] = [$"Must be given once, as 1 to {MaxLength} visible ASCII characters."],
    });

    public static Error NotStored { get; } = RequestErrors.Invalid(new Dictionary<string, string[]>
    {
        [Header] = ["Cannot be stored: no module of this process executes commands. Send the request without it."],
    });

    /// <summary>Reads the key; null without one, and for methods that are idempotent by themselves.</summary>
    public static Result<string?> Read(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (header.Count == 0 || !HttpMethods.IsPost(request.Method))
            return (string?)null;
        return header.Count == 1 && header[0] is { Length: > 0 and <= MaxLength } key && !key.AsSpan().ContainsAnyExcept(VisibleAscii)
            ? key
            : InvalidKey;
    }

    /// <summary>
    /// Hashes method, path and body, by which a repeated request with the key is recognized. The body can be read again afterwards.
    /// </summary>
    public static async Task<byte[]> HashAsync(HttpRequest request)
    {
        request.EnableBuffering(RequestLimits.BodyBytes);
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
