using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Monolith.Testing;

namespace Monolith.System.Tests.Load;

/// <summary>
/// Customers whose names count their renames and whose number of orders grows, with continuous readers: no answer may
/// fail or be older than an earlier answer.
/// </summary>
internal sealed class CountedCustomers : IAsyncDisposable
{
    private const int Readers = 3;
    private const int RenamesInTen = 6;

    private static readonly TimeSpan KnownWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestThought = TimeSpan.FromMilliseconds(20);

    private readonly HttpClient client;
    private readonly Journal journal;
    private readonly Random random;
    private readonly ConcurrentQueue<string> faults = new();
    private readonly List<Counted> customers = [];
    private Task running = Task.CompletedTask;
    private volatile bool stopping;
    private int sent;
    private int reads;

    private CountedCustomers(Uri host, Journal journal, Random random)
    {
        client = new HttpClient { BaseAddress = new Uri(host, "api/v1/"), Timeout = TimeSpan.FromSeconds(20) };
        this.journal = journal;
        this.random = random;
    }

    /// <summary>Registers customers and waits until Orders knows each of them and each has an order.</summary>
    public static async Task<CountedCustomers> RegisterAsync(Uri host, int count, Journal journal, Random random)
    {
        var counted = new CountedCustomers(host, journal, random);
        for (var i = 0; i < count; i++)
            counted.customers.Add(await counted.RegisterAsync());
        return counted;
    }

    public void Start() => running = Task.WhenAll(
        customers.Select(customer => Task.Run(() => WriteAsync(customer, new Random(random.Next()))))
            .Concat(Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(new Random(random.Next()))))));

    public async Task StopAsync()
    {
        stopping = true;
        await running;
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads} reads");
    }

    /// <summary>No read has failed or gone back in time.</summary>
    public void ShouldBeFlawless()
    {
        faults.Take(5).ShouldBeEmpty($"{faults.Count} of {reads} reads");
        reads.ShouldBeGreaterThan(100);
    }

    public async ValueTask DisposeAsync()
    {
        stopping = true;
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
    }

    private async Task<Counted> RegisterAsync()
    {
        var username = $"c-{Guid.NewGuid():N}"[..20];
        var customer = new Counted(
            (
                await SendAsync(
                    new Command(
                        HttpMethod.Post, "customers", new { username, firstName = "N", lastName = "0", email = "n@example.org" }, 1, 1)))
                .ShouldNotBeNull());
        await Eventually.HoldsAsync(KnownWithin, async () =>
        {
            if (await SendAsync(Order(customer), mayBeRefused: true) is not { } order)
                return "Orders does not know the customer";
            customer.Order = order;
            customer.Placed++;
            return null;
        });
        await Eventually.HoldsAsync(KnownWithin, async () =>
        {
            using var answer = await client.GetAsync($"order-summaries/{customer.Id}");
            return answer.IsSuccessStatusCode ? null : "there is no summary of the customer";
        });
        return customer;
    }

    private async Task WriteAsync(Counted customer, Random chance)
    {
        while (!stopping)
        {
            if (chance.Next(10) < RenamesInTen)
            {
                var name = customer.Renamed + 1;
                // Recorded before the send: a reader may see it before the answer arrives.
                customer.Renamed = name;
                await SendAsync(
                    new Command(
                        HttpMethod.Patch,
                        $"customers/{customer.Id}",
                        new { lastName = name.ToString(CultureInfo.InvariantCulture) },
                        1,
                        1));
            }
            else
            {
                customer.Placed++;
                await SendAsync(Order(customer));
            }

            await Task.Delay(chance.NextDouble() * LongestThought);
        }
    }

    private async Task ReadAsync(Random chance)
    {
        while (!stopping)
        {
            var customer = customers[chance.Next(customers.Count)];
            if (chance.Next(2) == 0)
            {
                await CheckAsync(
                    $"orders/{customer.Order}",
                    order => (customer.NameInOrder, Number(order.GetProperty("customer").GetProperty("name")), customer.Renamed));
            }
            else
            {
                await CheckAsync(
                    $"order-summaries/{customer.Id}",
                    summary => (customer.NameInSummary, Number(summary.GetProperty("name")), customer.Renamed),
                    summary => (customer.OrdersInSummary, summary.GetProperty("orders").GetInt32(), customer.Placed));
            }
        }
    }

    private async Task CheckAsync(string path, params Func<JsonElement, (HighWater Mark, int Value, int Most)>[] values)
    {
        // The answer must not be older than answers from before this request was sent.
        var floor = HighWater.Now;
        try
        {
            using var answer = await client.GetAsync(path);
            Interlocked.Increment(ref reads);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                faults.Enqueue($"{path}: {(int)answer.StatusCode} {text}");
                return;
            }

            using var json = JsonDocument.Parse(text);
            foreach (var value in values)
            {
                var (mark, read, most) = value(json.RootElement);
                if (mark.At(floor) is var least && (read < least || read > most))
                    faults.Enqueue($"{path} went from {least} to {read} (at most {most}): {text}");
                mark.Rise(read);
            }
        }
        catch (Exception exception)
        {
            faults.Enqueue($"{path}: {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task<Guid?> SendAsync(Command command, bool mayBeRefused = false)
    {
        var actor = string.Create(CultureInfo.InvariantCulture, $"counted-{Interlocked.Increment(ref sent)}");
        using var request = new HttpRequestMessage(command.Method, command.Path) { Content = JsonContent.Create(command.Body) };
        request.Headers.Add("X-Actor", actor);
        var sentAt = DateTimeOffset.UtcNow;
        try
        {
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
            {
                journal.NoteRefused(actor, (int)answer.StatusCode);
                if (!mayBeRefused)
                    faults.Enqueue($"{command.Method} {command.Path}: {(int)answer.StatusCode} {text}");
                return null;
            }

            using var json = JsonDocument.Parse(text);
            var id = json.RootElement.GetProperty("id").GetGuid();
            journal.NoteAnswered(
                new Answer(actor, command, id, long.Parse(answer.Headers.ETag!.Tag.Trim('"'), CultureInfo.InvariantCulture)));
            return id;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException)
        {
            journal.NoteUnknown(actor, command, exception.Message, sentAt);
            faults.Enqueue($"{command.Method} {command.Path}: {exception.Message}");
            return null;
        }
    }

    private static Command Order(Counted customer) => new(
        HttpMethod.Post,
        "orders",
        new
        {
            customerId = customer.Id,
            currency = "EUR",
            deliveryAddress = new { street = "Street 1", postalCode = "10117", city = "Berlin", country = "DE" },
            items = new[] { new { productId = "p-1", name = "Tea", quantity = 3, unitPrice = 12.3m } },
        },
        1,
        1);

    // "N 17"
    private static int Number(JsonElement name) => int.Parse(name.GetString()!.AsSpan(2), CultureInfo.InvariantCulture);

    private sealed class Counted(Guid id)
    {
        private volatile int renamed;
        private volatile int placed;

        public Guid Id => id;

        /// <summary>An order of the customer.</summary>
        public Guid Order { get; set; }

        /// <summary>The last name that was sent. Each customer has one writer.</summary>
        public int Renamed { get => renamed; set => renamed = value; }

        /// <summary>The number of orders that were sent.</summary>
        public int Placed { get => placed; set => placed = value; }

        public HighWater NameInOrder { get; } = new();

        public HighWater NameInSummary { get; } = new();

        public HighWater OrdersInSummary { get; } = new();
    }
}
