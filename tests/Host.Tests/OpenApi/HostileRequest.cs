using System.Text;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>One request, well-meant or not, before it is sent.</summary>
/// <param name="Operation">What it was made from.</param>
/// <param name="Path">The path with its parameters, as it goes out.</param>
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

    /// <summary>The path is none of the operation any more, so that routing may refuse it, or the server before that.</summary>
    public bool IsLost { get; init; }

    /// <summary>It breaks a rule that holds on every route, so that no success may come.</summary>
    public bool IsRefused { get; init; }

    /// <summary>The body is above what the server takes: it may hang up while it is sent.</summary>
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
