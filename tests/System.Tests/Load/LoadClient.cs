using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Monolith.System.Tests.Load;

/// <summary>One client of a load: sends one random command after the other.</summary>
internal sealed class LoadClient(
    string name, Random random, IReadOnlyList<HttpClient> hosts, Known customers, Known orders, Journal journal, TimeSpan longestThought)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Currencies = ["EUR", "USD", "JPY", "KWD"];
    private static readonly string[] Names = ["Anna", "Zoë", "Łukasz", "Жанна", "李", "O'Neil \"the\\one\"", "🙂 Smile", "D'Été"];

    private int sent;

    /// <summary>Sends commands while there are more to send.</summary>
    public async Task RunAsync(Func<bool> more)
    {
        while (more())
        {
            var answered = await SendAsync(Next());
            if (!answered || longestThought > TimeSpan.Zero)
                await Task.Delay(answered ? random.NextDouble() * longestThought : PauseAfterFailure);
        }
    }

    private Command Next()
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{name}-{sent}");
        var (customer, order) = (customers.Any(random), orders.Any(random));
        return random.Next(100) switch
        {
            < 15 => Register(number),
            < 45 when customer is { } id =>
                new(
                    HttpMethod.Patch,
                    $"customers/{id}",
                    new { firstName = $"{Any(Names)} {number}", lastName = Any(Names), email = $"{number}@example.org" },
                    2,
                    2),
            < 52 when customer is { } id => new(HttpMethod.Patch, $"customers/{id}", new { lastName = $"{Any(Names)} {number}" }, 1, 1),
            < 57 when customer is { } id =>
                new(HttpMethod.Post, $"customers/{id}/deactivate", new { reason = $"because {number}" }, 0, 1, "inactive"),
            < 67 when customer is { } id =>
                new(HttpMethod.Post, $"customers/{id}/reactivate", new { reason = $"after {number}" }, 0, 1, "active"),
            < 84 when customer is { } id => Place(id),
            < 91 when order is { } id => new(HttpMethod.Post, $"orders/{id}/pay", new { reference = number }, 1, 1),
            < 96 when order is { } id => new(HttpMethod.Post, $"orders/{id}/ship", new { carrier = "DHL", trackingNumber = number }, 1, 1),
            _ when order is { } id => new(HttpMethod.Post, $"orders/{id}/cancel", new { reason = number }, 1, 1),
            _ => Register(number),
        };
    }

    private Command Register(string number) => new(
        HttpMethod.Post, "customers", new
        {
            username = $"u-{number}",
            firstName = Any(Names),
            lastName = Any(Names),
            email = $"{number}@example.com",
        }, 1, 1);

    private Command Place(Guid customer) => new(
        HttpMethod.Post,
        "orders",
        new
        {
            customerId = customer,
            currency = Any(Currencies),
            deliveryAddress = new { street = "Rue de l'Été 1", postalCode = "75001", city = "Paris", country = "FR" },
            items = Enumerable.Range(0, random.Next(1, 4))
                .Select(
                    i => new { productId = $"p-{i}", name = Any(Names), quantity = random.Next(1, 10), unitPrice = random.Next(0, 1000) }),
        },
        1,
        1);

    private T Any<T>(T[] some) => some[random.Next(some.Length)];

    /// <summary>Sends a command; false if no answer arrived.</summary>
    private async Task<bool> SendAsync(Command command)
    {
        var actor = string.Create(CultureInfo.InvariantCulture, $"{name}-{sent++}");
        using var request =
            new HttpRequestMessage(command.Method, new Uri(command.Path, UriKind.Relative)) { Content = JsonContent.Create(command.Body) };
        request.Headers.Add("X-Actor", actor);
        var sentAt = DateTimeOffset.UtcNow;
        try
        {
            using var answer = await hosts[random.Next(hosts.Count)].SendAsync(request);
            return await NoteAsync(actor, command, answer, sentAt);
        }
        // A host that is killed between accept and the client's look at the connection: HttpClient does not wrap that SocketException.
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException or SocketException)
        {
            journal.NoteUnknown(actor, command, exception.Message, sentAt);
            return false;
        }
    }

    private async Task<bool> NoteAsync(string actor, Command command, HttpResponseMessage answer, DateTimeOffset sentAt)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.Created:
                using (var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync()))
                    Learn(
                        actor,
                        command,
                        json.RootElement.GetProperty("id").GetGuid(),
                        VersionOf(answer),
                        answer.StatusCode == HttpStatusCode.Created);
                return true;
            case HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity:
                journal.NoteRefused(actor, (int)answer.StatusCode);
                return true;
            case HttpStatusCode.ServiceUnavailable:
                journal.NoteUnknown(actor, command, await answer.Content.ReadAsStringAsync(), sentAt);
                return false;
            default:
                journal.NoteUnknown(actor, command, answer.StatusCode.ToString(), sentAt);
                journal.NoteUnexpected(
                    $"{actor}: {command.Method} {command.Path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                return true;
        }
    }

    private void Learn(string actor, Command command, Guid id, long version, bool isNew)
    {
        journal.NoteAnswered(new Answer(actor, command, id, version));
        if (isNew)
            (command.Path == "customers" ? customers : orders).Add(id);
    }

    private static long VersionOf(HttpResponseMessage answer) =>
        long.Parse(answer.Headers.ETag!.Tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture);
}
