namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>A way to the server on which each request waits for a step of the test before it goes on.</summary>
internal sealed class SteppedNetwork(Func<HttpRequestMessage, Task> before) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await before(request);
        return await base.SendAsync(request, cancellationToken);
    }
}
