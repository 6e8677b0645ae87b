using System.Net;

namespace Monolith.Testing.Streams;

/// <summary>A connection to a stream of server-sent events.</summary>
public sealed class SseClient : IDisposable
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };

    private readonly HttpResponseMessage response;
    private readonly SseReader reader;

    private SseClient(HttpResponseMessage response, SseReader reader)
    {
        this.response = response;
        this.reader = reader;
    }

    /// <summary>The id to reconnect with.</summary>
    public string LastId => reader.LastId;

    /// <summary>The number of received comments.</summary>
    public int Comments => reader.Comments;

    /// <summary>Connects.</summary>
    /// <param name="host">The host.</param>
    /// <param name="path">The path with its parameters.</param>
    /// <param name="lastId">The id to resume after; empty for a new stream.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static async Task<SseClient> OpenAsync(Uri host, string path, string lastId = "", CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, path)) { Version = HttpVersion.Version11 };
        if (lastId.Length > 0)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        try
        {
            if (response.StatusCode != HttpStatusCode.OK || response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                throw new InvalidOperationException(
                    $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
            return new SseClient(response, new SseReader(new StreamReader(await response.Content.ReadAsStreamAsync(cancellation)), lastId));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>The next message; null when the host has ended the stream.</summary>
    public Task<SseMessage?> ReadAsync(CancellationToken cancellation) => reader.ReadAsync(cancellation);

    /// <inheritdoc />
    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
