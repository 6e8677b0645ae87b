using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Monolith.System.Tests.Load;

/// <summary>
/// A client that sends each command with an idempotency key until it is answered. No other client uses its customers and orders.
/// </summary>
internal sealed class RetryingClient(string name, Random random, HttpClient host, Journal journal)
{
    private static readonly TimeSpan LongestThought = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseBeforeRetry = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Currencies = ["EUR", "USD", "JPY", "KWD"];
    private static readonly string[] Refusals = ["order-status", "customer-inactive"];
    private static readonly string[] Delays = ["idempotency-key-in-use", "concurrent-change", "customer-unknown"];
    private static readonly string[] Steps = ["pay", "ship", "cancel"];

    private readonly List<Guid> orders = [];
    private Guid? customer;
    private int sent;

    /// <summary>How often a command was sent again.</summary>
    public int Retries { get; private set; }

    /// <summary>How often the answer was that of an earlier attempt.</summary>
    public int Replays { get; private set; }

    /// <summary>Sends commands until stopped; the last one is answered too.</summary>
    public async Task RunAsync(Func<bool> stops, CancellationToken givesUp)
    {
        while (!stops())
        {
            await SendAsync(givesUp);
            await Task.Delay(random.NextDouble() * LongestThought, givesUp);
        }
    }

    private async Task SendAsync(CancellationToken givesUp)
    {
        // Sometimes another customer. The reactor of Orders cancels the unpaid orders of the previous one.
        if (customer is null)
            customer = await SendAsync(Register(), givesUp);
        else if (random.Next(50) == 0)
            await SendAsync(Post($"customers/{customer}/deactivate", new { reason = "another customer follows" }, "inactive"), givesUp);
        else if (random.Next(50) == 0)
            customer = null;
        else if (orders.Count == 0 || random.Next(10) < 6)
            await PlaceAsync(customer.Value, givesUp);
        else
            await SendAsync(Next(orders[random.Next(orders.Count)]), givesUp);
    }

    private async Task PlaceAsync(Guid customer, CancellationToken givesUp)
    {
        if (await SendAsync(Place(customer), givesUp) is { } order)
            orders.Add(order);
        else
            this.customer = null;
    }

    /// <summary>Sends a command until it is answered; null where it was refused.</summary>
    private async Task<Guid?> SendAsync(Command command, CancellationToken givesUp)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{name}-{sent++}");
        var since = DateTimeOffset.UtcNow;
        while (true)
        {
            try
            {
                using var request = RequestOf(command, key);
                using var answer = await host.SendAsync(request, givesUp);
                var text = await answer.Content.ReadAsStringAsync(givesUp);
                if (answer.IsSuccessStatusCode)
                    return Answered(key, command, answer, text);
                var slug = SlugOf(text);
                if (Refusals.Contains(slug))
                {
                    journal.NoteRefused(key, (int)answer.StatusCode);
                    return null;
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable && !Delays.Contains(slug))
                {
                    journal.NoteUnknown(key, command, text, since);
                    journal.NoteUnexpected($"{key}: {command.Method} {command.Path}: {(int)answer.StatusCode} {text}");
                    return null;
                }
            }
            catch (Exception exception) when (
                exception is HttpRequestException or SocketException or OperationCanceledException or IOException)
            {
                if (givesUp.IsCancellationRequested)
                {
                    journal.NoteUnknown(key, command, exception.Message, since);
                    journal.NoteUnexpected($"{key}: {command.Method} {command.Path}: no answer since {since:HH:mm:ss}");
                    return null;
                }
            }

            Retries++;
            await Task.Delay(PauseBeforeRetry, CancellationToken.None);
        }
    }

    private static HttpRequestMessage RequestOf(Command command, string key) => new(command.Method, new Uri(command.Path, UriKind.Relative))
    {
        Content = JsonContent.Create(command.Body),
        Headers = { { "X-Actor", key }, { "Idempotency-Key", key } },
    };

    private Guid Answered(string key, Command command, HttpResponseMessage answer, string text)
    {
        if (answer.Headers.Contains("Idempotency-Replayed"))
            Replays++;
        using var json = JsonDocument.Parse(text);
        var id = json.RootElement.GetProperty("id").GetGuid();
        var version = long.Parse(answer.Headers.ETag!.Tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture);
        journal.NoteAnswered(new Answer(key, command, id, version));
        return id;
    }

    private static string SlugOf(string text)
    {
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.GetProperty("type").GetString()!["urn:problem:".Length..];
    }

    private Command Register()
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{name}-{sent}");
        var body = new { username = $"u-{number}", firstName = "Zoë", lastName = number, email = $"{number}@example.com" };
        return new Command(HttpMethod.Post, "customers", body, 1, 1);
    }

    private Command Place(Guid customer)
    {
        var body = new
        {
            customerId = customer,
            currency = Currencies[random.Next(Currencies.Length)],
            deliveryAddress = new { street = "Rue de l'Été 1", postalCode = "75001", city = "Paris", country = "FR" },
            // An array: a lazy query would create different items for each attempt.
            items = Enumerable.Range(0, random.Next(1, 4)).Select(Item).ToArray(),
        };
        return new Command(HttpMethod.Post, "orders", body, 1, 1);
    }

    private object Item(int number) =>
        new { productId = $"p-{number}", name = "Tea", quantity = random.Next(1, 10), unitPrice = random.Next(0, 1000) };

    private Command Next(Guid order) => Steps[random.Next(Steps.Length)] switch
    {
        "pay" => new(HttpMethod.Post, $"orders/{order}/pay", new { reference = "paid" }, 1, 1),
        "ship" => new(HttpMethod.Post, $"orders/{order}/ship", new { carrier = "DHL", trackingNumber = "1" }, 1, 1),
        _ => new(HttpMethod.Post, $"orders/{order}/cancel", new { reason = "changed my mind" }, 1, 1),
    };

    private static Command Post(string path, object body, string status) => new(HttpMethod.Post, path, body, 0, 1, status);
}
