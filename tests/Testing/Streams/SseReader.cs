namespace Monolith.Testing.Streams;

/// <summary>Reads <c>text/event-stream</c> as the specification has it, from its lines.</summary>
/// <param name="lines">The lines.</param>
/// <param name="lastId">The id that the client came with.</param>
public sealed class SseReader(StreamReader lines, string lastId = "") : IDisposable
{
    private string id = lastId;

    /// <summary>What a client would come back with.</summary>
    public string LastId { get; private set; } = lastId;

    /// <summary>How many comments came.</summary>
    public int Comments { get; private set; }

    /// <summary>The next message; null where the stream has ended. A message that was cut off is none.</summary>
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
