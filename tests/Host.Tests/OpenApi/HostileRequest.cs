using System.Text;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>One request, valid or hostile, before it is sent.</summary>
/// <param name="Operation">The operation that it was generated from.</param>
/// <param name="Path">The path with its parameters, as it is sent.</param>
internal sealed record HostileRequest(ApiOperation Operation, string Path)
{
    private const int ShownBytes = 300;

    public byte[]? Body { get; init; }

    /// <summary>The method, which may be another than that of the operation.</summary>
    public string Method { get; init; } = Operation.Method;

    /// <summary>Headers are sent as Latin-1, else as UTF-8.</summary>
    public bool IsLatin1 { get; init; }

    public string? ContentType { get; init; } = "application/json";

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The path no longer belongs to the operation, so that routing or the server may refuse it.</summary>
    public bool IsLost { get; init; }

    /// <summary>It breaks a rule of every route, so that it must not succeed.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The body exceeds the limit: the server may close the connection while it is sent.</summary>
    public bool IsTooLarge { get; init; }

    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), new Uri(Path, UriKind.Relative));
        message.Options.Set(OpenHost.Latin1Headers, IsLatin1);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.ExpectContinue = IsTooLarge;
        return message;
    }

    public override string ToString() =>
        $"{Method} {Path} {(IsLatin1 ? "Latin-1 " : "")}"
        + string.Join(' ', Headers.Select(header => $"[{header.Name}: {Shown(header.Value)}]"))
        + $" {ContentType} {(Body is null ? "" : Shown(Encoding.Latin1.GetString(Body)))}";

    private static string Shown(string text) =>
        string.Concat(
            text.Take(ShownBytes).Select(character => character is >= ' ' and <= '~' ? character.ToString() : $"<{(int)character:x}>"))
            + (text.Length > ShownBytes ? $"… ({text.Length})" : "");
}
