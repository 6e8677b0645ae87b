using Microsoft.Playwright;
using Monolith.Testing;

namespace Monolith.System.Tests.Streams;

/// <summary>The system's Chromium in headless mode, with its own data folder.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static async Task<Browser> StartAsync()
    {
        var program = Required.Chromium();
        var playwright = await Playwright.CreateAsync();
        try
        {
            // Playwright makes a fresh user data folder for each browser that it launches, and removes it.
            return new Browser(
                playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Headless = true, Args = Flags }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>Opens a page of this size, in light or dark.</summary>
    public Task<IPage> OpenAsync(int width, int height, ColorScheme scheme) =>
        browser.NewPageAsync(
            new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, TimezoneId = "UTC", Locale = "en-GB" });

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
