/** Says so on the page when a passkey was not given, or could not be asked for. */

const FAILED = "That did not work. Try again, or use another way. Passkeys need HTTPS, or localhost.";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("passkey-problem").textContent = FAILED;
});
