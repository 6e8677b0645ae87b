using System.Globalization;
using System.Net.Http.Json;

namespace Monolith.System.Tests.Load;

/// <summary>Commands on one customer, each of which must succeed.</summary>
internal sealed class OneCustomer(Uri host, Guid id)
{
    private static readonly HttpClient Client = new();

    private int sent;

    /// <summary>Renames the customer; the name must be a new one.</summary>
    public async Task<Answer> RenameAsync(string lastName)
    {
        var command = new Command(HttpMethod.Patch, $"customers/{id}", new { lastName }, 1, 1);
        var actor = string.Create(CultureInfo.InvariantCulture, $"one {id} {sent++}");
        using var request =
            new HttpRequestMessage(command.Method, new Uri(host, $"api/v1/{command.Path}")) { Content = JsonContent.Create(command.Body) };
        request.Headers.Add("X-Actor", actor);
        using var answer = await Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return new Answer(actor, command, id, long.Parse(answer.Headers.ETag!.Tag.Trim('"'), CultureInfo.InvariantCulture));
    }
}
