using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Demo;

/// <summary>Creates customers and orders at a rate, over HTTP as any client does.</summary>
internal static class DemoCommand
{
    private const double DefaultRate = 10;

    public static Command Create()
    {
        var rate = new Option<double>("--rate")
        {
            Description = "requests per second",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultRate,
            CustomParser = AboveZero<double>,
        };
        var url = SharedOptions.Url();
        var customers = Limit<int>("--customers", "ends after that many new customers (and --orders)", "N");
        var orders = Limit<int>("--orders", "ends after that many new orders (and --customers)", "N");
        var duration = Limit<double>("--duration", "ends after that many seconds", "S");
        var json = SharedOptions.Json();

        var command = new Command("demo", "creates customers and orders at a rate, until Ctrl-C or a limit")
        {
            rate, url, customers, orders, duration, json,
        };
        command.SetAction((parsed, stop) =>
        {
            var span = parsed.GetValue(duration) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
            var limits = new DemoLimits(parsed.GetValue(customers), parsed.GetValue(orders), span);
            return RunAsync(parsed.GetRequiredValue(url), parsed.GetValue(rate), limits, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(Uri url, double rate, DemoLimits limits, bool json, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url, "/api/v1/") };
        http.DefaultRequestHeaders.Add("X-Actor", "demo");
        var progress = new DemoProgress();
        var shop = new DemoShop(new DemoClient(http, progress), progress, limits);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lines = json ? Task.CompletedTask : progress.PrintEverySecondAsync(end.Token);
        await DemoPacer.RunAsync(rate, limits, shop, stop);
        await end.CancelAsync();
        await lines;

        var totals = progress.Totals();
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(totals, JsonSerializerOptions.Web) : $"total: {totals.Line()}");
        if (totals.FirstFailure is { } failure)
            await Console.Error.WriteLineAsync(failure);
        return totals.Failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static Option<T?> Limit<T>(string name, string description, string helpName) where T : struct, INumber<T> =>
        new(name) { Description = description, HelpName = helpName, CustomParser = result => AboveZero<T>(result) };

    private static T AboveZero<T>(ArgumentResult result) where T : struct, INumber<T>
    {
        var text = result.Tokens.Single().Value;
        if (T.TryParse(text, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number) && number > T.Zero)
            return number;
        result.AddError($"'{text}' is not a number above 0.");
        return default;
    }
}
