namespace Monolith.Testing.Streams;

/// <summary>Parses the lines of <c>text/event-stream</c> according to the specification.</summary>
/// <param name="lines">The lines.</param>
/// <param name="lastId">The id that the client sent.</param>
public sealed class SseReader(StreamReader lines, string lastId = "") : IDisposable
{
    private string id = lastId;

    /// <summary>The id that a client would reconnect with.</summary>
    public string LastId { get; private set; } = lastId;

    /// <summary>The number of received comments.</summary>
    public int Comments { get; private set; }

    /// <summary>The next message; null when the stream has ended. An incomplete message is ignored.</summary>
    public async Task<SseMessage?> ReadAsync(CancellationToken cancellation)
    {
        var (type, data) = ("message", new List<string>());
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0)
            {
                LastId = id;
                if (data.Count > 0)
                    return new SseMessage(id, type, string.Join('\n', data));
                type = "message";
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = colon < 0 ? "" : line[(colon + 1)..].TrimStart(' ');
            switch (colon < 0 ? line : line[..colon])
            {
                case "": Comments++; break;
                case "id": id = value; break;
                case "event": type = value; break;
                case "data": data.Add(value); break;
            }
        }

        return null;
    }

    /// <inheritdoc />
    public void Dispose() => lines.Dispose();
}
